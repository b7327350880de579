import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { DomainContext } from '../domain.js';
import type { ResourceDefinition } from './resource-definition.js';
import { changeMarks, notFound, rowsThat } from './resource-rows.js';
import { fieldsAmong, fieldsOf, type Row } from './resource-table.js';

/** `<name>.delete`: hides the row until it is restored. Throws `not_found`, also for a row that is deleted already. */
export function deleteAction(definition: ResourceDefinition): DomainAction<DomainContext> {
  const { name, singular, table, output, events, http } = definition;
  return {
    kind: 'domain',
    name: `${name}.delete`,
    title: `Delete ${singular}`,
    description: `Deletes a ${singular}; it can be restored.`,
    permission: `${name}:delete`,
    effect: 'destroy',
    http: { method: 'delete', path: `${http.path}/:id` },
    input: z.strictObject({ id: z.uuid() }),
    output,
    emits: [events.deleted.type],
    async run(context, parsed) {
      const { id } = parsed as { id: string };
      const values: Row = { deletedAt: sql`now()`, ...changeMarks(definition, context) };
      const [row] = await context.db
        .update(table)
        .set(values)
        .where(and(rowsThat('exist', definition, context), eq(table.id, id)))
        .returning(fieldsOf(table, output));
      if (!row) throw notFound(definition);
      await definition.checkDelete?.(context, id);
      context.audit({ before: { deletedAt: null }, after: fieldsAmong(row, ['deletedAt']) });
      context.emit(events.deleted, row);
      return row;
    },
  };
}
