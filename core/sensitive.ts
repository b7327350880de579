import { z } from 'zod';

/** Marks a field whose value nobody may read in the audit log: `z.string().meta(sensitive)`. */
export const sensitive = { sensitive: true } as const;

/** Stands for a value that may not be read. */
export const mask = '***';

/** What is masked by its name alone, so that a mark which was forgotten gives nothing away. */
const sensitiveName =
  /(^|[^a-z])(password|passphrase|secret|token|credentials?|(api|private|hook)_?key|authorization|cookie)$/i;

/**
 * The value as JSON, with everything masked that one of the schemas marks as sensitive or that is named like a secret.
 * Null stays null: whether there is a value is no secret.
 */
export function maskSensitive(value: unknown, schemas: readonly z.core.$ZodType[]): unknown {
  const known = schemas.flatMap(layersOf);
  if (known.some(isMarked)) return maskWhole(value);
  if (Array.isArray(value)) {
    const items = known.flatMap((schema) => (schema instanceof z.ZodArray ? schema.element : []));
    return value.map((item) => maskSensitive(item, items));
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, entry]) => {
    if (sensitiveName.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'))) return [name, maskWhole(entry)];
    return [
      name,
      maskSensitive(
        entry,
        known.flatMap((schema) => fieldOf(schema, name)),
      ),
    ];
  });
  return Object.fromEntries(entries);
}

function maskWhole(value: unknown): unknown {
  return value === null || value === undefined ? value : mask;
}

/** A schema and, one by one, what it wraps: a mark may stand inside or outside of `.optional()`. */
function layersOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodPipe) return [schema, ...layersOf(schema.in), ...layersOf(schema.out)];
  if (schema instanceof z.ZodUnion) return [schema, ...schema.options.flatMap(layersOf)];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return [schema, ...layersOf(schema.unwrap())];
  }
  return [schema];
}

function isMarked(schema: z.core.$ZodType): boolean {
  return z.globalRegistry.get(schema)?.sensitive === true;
}

function fieldOf(schema: z.core.$ZodType, name: string): z.core.$ZodType[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
  return field instanceof z.ZodType ? [field] : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
