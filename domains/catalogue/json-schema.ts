import { z } from 'zod';

export const JsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema (draft 2020-12)');

/** A schema as screens and programs read it; what JSON Schema has no word for is anything. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): z.output<typeof JsonSchema> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return JsonSchema.parse(JSON.parse(JSON.stringify(rest)));
}
