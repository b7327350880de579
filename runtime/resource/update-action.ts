import { isDeepStrictEqual } from 'node:util';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { DomainContext } from '../domain.js';
import { withFieldErrors } from './database-error.js';
import type { ResourceDefinition } from './resource-definition.js';
import { changeMarks, notFound, rowsThat, runCheck, withReferences } from './resource-rows.js';
import { fieldsAmong, fieldsOf, type Row } from './resource-table.js';
import { requireVersion } from './stale-version.js';

type UpdateInput = { id: string; version?: number } & Row;

/**
 * `<name>.update`: changes the given fields. With `version`, only if nobody changed the row since: else `conflict`,
 * which says what the row is at now.
 * Values that the row already has change nothing and tell nobody. Throws `not_found`, `validation`.
 */
export function updateAction(definition: ResourceDefinition): DomainAction<DomainContext> {
  const { name, singular, output, update, events, http } = definition;
  return {
    kind: 'domain',
    name: `${name}.update`,
    title: `Update ${singular}`,
    description: `Changes fields of a ${singular}.`,
    permission: `${name}:update`,
    effect: 'write',
    http: { method: 'patch', path: `${http.path}/:id` },
    input: z.strictObject({
      ...update.partial().shape,
      id: z.uuid(),
      version: z
        .int()
        .min(1)
        .optional()
        .describe('The version that was read; refused if it is no longer that'),
    }),
    output,
    emits: [events.updated.type],
    async run(context, parsed) {
      // perform() has parsed it with the schema above, whose shape depends on the definition.
      const { id, version, ...changes } = parsed as UpdateInput;
      const { before, marks } = await lockRow(definition, context, id);
      await requireVersion(context.db, singular, version, marks);
      const changedFields = Object.keys(changes).filter(
        (field) => changes[field] !== undefined && !isDeepStrictEqual(changes[field], before[field]),
      );
      if (changedFields.length === 0) return before;
      await runCheck(definition, context, changes, id);
      const row = await writeChanges(definition, context, id, changes);
      const [was, is] = [before, row].map((side) => fieldsAmong(side, changedFields));
      context.audit({ before: was, after: is });
      context.emit(events.updated, { ...row, changedFields });
      return row;
    },
  };
}

/** Reads a row and keeps others from changing it until the transaction ends. */
async function lockRow(definition: ResourceDefinition, context: DomainContext, id: string) {
  const { table, output } = definition;
  const { version, updatedAt, updatedBy } = table;
  const [row] = await context.db
    .select({
      before: fieldsOf(table, output),
      marks: { version, updatedAt, ...(updatedBy && { updatedBy }) },
    })
    .from(table)
    .where(and(rowsThat('exist', definition, context), eq(table.id, id)))
    .for('no key update');
  if (!row) throw notFound(definition);
  return row;
}

async function writeChanges(
  definition: ResourceDefinition,
  context: DomainContext,
  id: string,
  changes: Row,
): Promise<Row> {
  const { table, output } = definition;
  const values: Row = {
    ...withReferences(definition, context, changes),
    ...changeMarks(definition, context),
  };
  const [row] = await withFieldErrors(table, () =>
    context.db
      .update(table)
      .set(values)
      .where(and(eq(table.orgId, context.actor.orgId), eq(table.id, id)))
      .returning(fieldsOf(table, output)),
  );
  if (!row) throw notFound(definition);
  return row;
}
