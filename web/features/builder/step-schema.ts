import { z } from 'zod';
import type { DraftNode } from '#core/automation/draft/draft.js';
import { nodeKinds } from '#core/automation/nodes/index.js';
import type { FormSchema } from './json-form.js';

/** The action whose form a node shows. */
export function actionOf(node: DraftNode): string | undefined {
  if (node.type === 'http') return 'http.request';
  return typeof node.action === 'string' ? node.action : undefined;
}

/** What the format says of a type of node. */
export function schemaOfType(type: string): FormSchema {
  const kind = Object.entries(nodeKinds).find(([name]) => name === type)?.[1];
  if (!kind) return {};
  return formSchemaOf(kind.schema);
}

/** A schema of the format, as forms go by it. */
export function formSchemaOf(schema: z.ZodType): FormSchema {
  // What JSON Schema says, in the fields that forms know.
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as FormSchema;
}

/** The schema behind a default, which JSON Schema keeps beside its fields. */
export function plainSchema({ default: _, ...schema }: FormSchema): FormSchema {
  return schema;
}
