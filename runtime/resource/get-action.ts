import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { DomainContext } from '../domain.js';
import type { ResourceDefinition } from './resource-definition.js';
import { notFound, rowsThat } from './resource-rows.js';
import { fieldsOf } from './resource-table.js';

/** `<name>.get`: one row. Throws `not_found`. */
export function getAction(definition: ResourceDefinition): DomainAction<DomainContext> {
  const { name, singular, table, output, http } = definition;
  return {
    kind: 'domain',
    name: `${name}.get`,
    title: `Get ${singular}`,
    description: `Shows one ${singular}.`,
    permission: `${name}:read`,
    effect: 'read',
    http: { method: 'get', path: `${http.path}/:id` },
    input: z.strictObject({ id: z.uuid() }),
    output,
    async run(context, parsed) {
      const { id } = parsed as { id: string };
      const [row] = await context.db
        .select(fieldsOf(table, output))
        .from(table)
        .where(and(rowsThat('exist', definition, context), eq(table.id, id)));
      if (!row) throw notFound(definition);
      return row;
    },
  };
}
