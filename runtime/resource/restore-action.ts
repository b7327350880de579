import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '../domain.js';
import { withFieldErrors } from './database-error.js';
import type { ResourceDefinition } from './resource-definition.js';
import { changeMarks, existingParents, knownRows, notFound } from './resource-rows.js';
import { fieldsOf, type Row } from './resource-table.js';

/**
 * `<name>.restore`: brings a deleted row back. Throws `not_found` for a row that never was, and `conflict` for one
 * that is not deleted, whose parent is, or of which a unique field is taken by now.
 */
export function restoreAction(definition: ResourceDefinition): DomainAction<DomainContext> {
  const { name, singular, table, output, events, http } = definition;
  return {
    kind: 'domain',
    name: `${name}.restore`,
    title: `Restore ${singular}`,
    description: `Brings back a deleted ${singular}.`,
    permission: `${name}:delete`,
    effect: 'write',
    http: { method: 'post', path: `${http.path}/:id/restore` },
    input: z.strictObject({ id: z.uuid() }),
    output,
    emits: [events.restored.type],
    async run(context, parsed) {
      const { id } = parsed as { id: string };
      const deletedAt = await requireRestorable(definition, context, id);
      await definition.checkRestore?.(context, id);
      const values: Row = { deletedAt: null, ...changeMarks(definition, context) };
      const [row] = await withFieldErrors(table, () =>
        context.db
          .update(table)
          .set(values)
          .where(and(eq(table.orgId, context.actor.orgId), eq(table.id, id)))
          .returning(fieldsOf(table, output)),
      );
      if (!row) throw notFound(definition);
      context.audit({ before: { deletedAt }, after: { deletedAt: null } });
      context.emit(events.restored, row);
      return row;
    },
  };
}

/** When the row was deleted. */
async function requireRestorable(
  definition: ResourceDefinition,
  context: DomainContext,
  id: string,
): Promise<unknown> {
  const { singular, table } = definition;
  const isWanted = and(knownRows(definition, context.actor), eq(table.id, id));
  const [found] = await context.db
    .select({ deletedAt: table.deletedAt })
    .from(table)
    .where(isWanted)
    .for('no key update');
  if (!found) throw notFound(definition);
  if (found.deletedAt === null) throw new AppError('conflict', `The ${singular} is not deleted`);
  const [placed] = await context.db
    .select({ id: table.id })
    .from(table)
    .where(and(isWanted, ...existingParents(definition)));
  if (!placed) {
    throw new AppError('conflict', `What the ${singular} belongs to is deleted: restore that first`);
  }
  return found.deletedAt;
}
