import { z } from 'zod';

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
const maxDepth = 10;
const count = z.int().min(0).optional();
const bound = z.number().optional();

/**
 * The part of JSON Schema 2020-12 by which an automation says what it takes and what it gives. Without references, which
 * could lead anywhere, and without `pattern`, which can take exponential time.
 */
const SchemaNode = z.strictObject({
  type: z.union([z.enum(types), z.array(z.enum(types)).min(1)]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  /** The first is what a sample of the trigger holds. */
  examples: z.array(z.json()).max(20).optional(),
  enum: z.array(z.json()).min(1).max(500).optional(),
  const: z.json().optional(),
  format: z.enum(['email', 'uri', 'uuid', 'date', 'date-time']).optional(),
  minLength: count,
  maxLength: count,
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: z.number().positive().optional(),
  minItems: count,
  maxItems: count,
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string().max(200), SchemaNode).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), SchemaNode]).optional();
  },
  get items() {
    return SchemaNode.optional();
  },
  get anyOf() {
    return z.array(SchemaNode).min(1).max(20).optional();
  },
});

/** What an automation gives as its result: any shape that the subset can tell. */
export const OutputSchema = SchemaNode.superRefine(requireReadable);

/** What callers of an automation have to give: an object, whose fields are told. */
export const InputSchema = SchemaNode.extend({ type: z.literal('object') }).superRefine(requireReadable);

export type OutputSchema = z.output<typeof OutputSchema>;
export type InputSchema = z.output<typeof InputSchema>;

/** The schema that checks a value. */
export function schemaOfInput(schema: OutputSchema): z.ZodType {
  // The subset is plain JSON, and so a part of what the library reads.
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

function requireReadable(schema: OutputSchema, context: z.RefinementCtx): void {
  const refuse = (message: string) => context.addIssue({ code: 'custom', path: [], message });
  if (depthOf(schema) > maxDepth) {
    refuse(`must not be nested deeper than ${maxDepth} levels`);
    return;
  }
  try {
    schemaOfInput(schema);
  } catch {
    refuse('holds a combination that is not understood');
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
