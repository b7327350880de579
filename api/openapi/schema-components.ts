import type { z } from 'zod';
import { asArray, asObject, type JsonSchema, toJsonSchema } from './json-schema.js';

/** Gathers the schemas that operations share, as components of the document. */
export interface SchemaComponents {
  /**
   * Converts a schema. Definitions in it become components, and references point at them. Throws an Error when two
   * different schemas carry the same id.
   */
  convert(schema: z.ZodType, io: 'input' | 'output', ownerName: string): JsonSchema;
  /** Everything gathered, by component name. */
  all(): Record<string, JsonSchema>;
}

/** Starts with nothing gathered. */
export function createSchemaComponents(): SchemaComponents {
  const components = new Map<string, JsonSchema>();

  function register(name: string, schema: JsonSchema): void {
    const existing = components.get(name);
    if (existing && JSON.stringify(existing) !== JSON.stringify(schema)) {
      throw new Error(`Two different schemas have the id ${name}`);
    }
    components.set(name, schema);
  }

  return {
    convert(schema, io, ownerName) {
      const { $defs, ...root } = toJsonSchema(schema, io);
      const owner = `${ownerName}.${io}`;
      const nameOf = (definition: string) => {
        // Zod names what has no id `__schema0`; an id has an input and an output side.
        if (definition.startsWith('__')) return `${owner}.${definition.slice(2)}`;
        return io === 'input' ? `${definition}Input` : definition;
      };
      const pointed = (part: JsonSchema) =>
        pointTo(part, (reference) => {
          if (reference === '#') return owner;
          return nameOf(reference.replace('#/$defs/', ''));
        });
      const converted = pointed(root);
      const definitions = Object.entries(asObject($defs)).map(
        ([name, definition]) => [nameOf(name), pointed(asObject(definition))] as const,
      );
      for (const [name, definition] of definitions) register(name, definition);
      if (JSON.stringify([converted, definitions]).includes(`"${refTo(owner)}"`)) register(owner, converted);
      return converted;
    },
    all: () => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The reference to a component of that name. */
export function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

/** References to local definitions become references to components. */
function pointTo(schema: JsonSchema, nameOf: (reference: string) => string): JsonSchema {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return asArray(node).map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (key === '$ref' && typeof value === 'string') return [key, refTo(nameOf(value))];
        return [key, visit(value)];
      }),
    );
  };
  return asObject(visit(schema));
}
