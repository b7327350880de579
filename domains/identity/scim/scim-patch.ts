import { type ScimPatchOperation, type ScimResource, scimPatch } from 'scim-patch';
import { z } from 'zod';
import { type AppError, invalidField } from '#core/errors.js';

const maxOperations = 1000;

/** A patch in any of its dialects: `op` in any case, `path` or an object of paths, value of any kind. */
export const ScimOperations = z
  .array(
    z.object({
      op: z
        .string()
        .toLowerCase()
        .pipe(z.enum(['add', 'remove', 'replace'])),
      path: z.string().max(1000).optional(),
      value: z.unknown().optional(),
    }),
  )
  .min(1)
  .max(maxOperations);
type Operation = z.output<typeof ScimOperations>[number];

/** `attribute`, `attribute.sub`, `attribute[filter]`, `attribute[filter].sub`, with or without a schema in front. */
const pathPattern = /^(?:(urn:[\w.:-]+):)?([A-Za-z]\w*)(\[[^\]]*\])?(?:\.([A-Za-z]\w*))?$/;
const plainName = /^[$A-Za-z]\w*$/;
const coreSchema = /^urn:ietf:params:scim:schemas:core:2\.0:(User|Group)$/i;

/**
 * What a resource is after a patch, for its schema to judge. Operations on attributes that are not in `attributes` are
 * left out, as identity providers send more than anybody keeps. Throws `validation` naming `path` for a path that can't
 * be read or that selects nothing.
 */
export function applyPatch(
  resource: Record<string, unknown>,
  operations: readonly Operation[],
  attributes: readonly string[],
): Record<string, unknown> {
  const known = new Map(attributes.map((name) => [name.toLowerCase(), name]));
  const usable = operations.flatMap((operation) => plainOperations(operation, known));
  try {
    // Its paths are all known ones by now, so that none leads out of the resource.
    const patched = scimPatch(structuredClone(resource) as unknown as ScimResource, usable);
    return { ...patched };
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : 'can not be carried out');
  }
}

/** One operation a path: where there is none, each field of the value is one. */
function plainOperations(
  { op, path, value }: Operation,
  known: ReadonlyMap<string, string>,
): ScimPatchOperation[] {
  if (path !== undefined) {
    const found = knownPath(path, known);
    return found === undefined ? [] : [{ op, path: found, value: plainValue(value) } as ScimPatchOperation];
  }
  if (op === 'remove') throw unusable('is needed to remove something');
  const fields = z.record(z.string(), z.unknown()).safeParse(value);
  if (!fields.success) throw unusable('is needed, or an object as the value');
  return Object.entries(fields.data).flatMap(([name, one]) =>
    plainOperations({ op, path: name, value: one }, known),
  );
}

/** A value without fields that the library would read as paths, or that lead to what all objects share. */
function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(
    ([name]) => plainName.test(name) && !(name in Object.prototype),
  );
  return Object.fromEntries(fields.map(([name, one]) => [name, plainValue(one)]));
}

/** The path in the attributes' own spelling; undefined for an attribute that is not kept. */
function knownPath(path: string, known: ReadonlyMap<string, string>): string | undefined {
  const whole = known.get(path.toLowerCase());
  if (whole !== undefined) return whole;
  const [, schema, attribute = '', filter = '', sub] = pathPattern.exec(path) ?? unreadable(path);
  const isPrototype = [attribute, sub].some((name) => name !== undefined && name in Object.prototype);
  if (isPrototype) throw unusable('is none of an attribute');
  const isCore = schema === undefined || coreSchema.test(schema);
  if (!isCore) {
    const extension = known.get(schema.toLowerCase());
    return extension && filter === '' && sub === undefined ? `${extension}:${attribute}` : undefined;
  }
  const name = known.get(attribute.toLowerCase());
  return name && `${name}${filter}${sub === undefined ? '' : `.${sub}`}`;
}

function unreadable(path: string): never {
  throw unusable(`${path.slice(0, 100)} can not be read`);
}

function unusable(message: string): AppError {
  return invalidField({ path: 'path', message });
}
