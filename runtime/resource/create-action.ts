import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { DomainContext } from '../domain.js';
import { withFieldErrors } from './database-error.js';
import type { ResourceDefinition } from './resource-definition.js';
import { notFound, runCheck, withReferences } from './resource-rows.js';
import { fieldsAmong, fieldsOf, type Row } from './resource-table.js';

const WithId = z.looseObject({ id: z.string() });

/**
 * `<name>.create`: one row, by one statement. Throws `validation` for a reference to what does not exist, and
 * `conflict` for an id that is taken.
 */
export function createAction(definition: ResourceDefinition): DomainAction<DomainContext> {
  const { name, singular, table, output, create, events, http } = definition;
  return {
    kind: 'domain',
    name: `${name}.create`,
    title: `Create ${singular}`,
    description: `Makes a new ${singular}.`,
    permission: `${name}:create`,
    effect: 'write',
    http: { method: 'post', path: http.createPath ?? http.path, status: 201 },
    input: z.strictObject({
      ...create.shape,
      id: z.uuid().optional().describe('Chosen by the caller; made by the server if absent'),
    }),
    output,
    emits: [events.created.type],
    async run(context, parsed) {
      // perform() has parsed it with the schema above, whose shape depends on the definition.
      const input = parsed as Row;
      await runCheck(definition, context, input);
      const values = {
        ...definition.initialValues?.(context.actor),
        ...withReferences(definition, context, input),
      };
      const [row] = await withFieldErrors(table, () =>
        context.db
          .insert(table)
          .values({
            ...values,
            orgId: context.actor.orgId,
            ...(table.updatedBy && { updatedBy: context.actor.userId }),
          })
          .returning(fieldsOf(table, output)),
      );
      if (!row) throw notFound(definition);
      await definition.afterCreate?.(context, WithId.parse(row));
      context.audit({ after: fieldsAmong(row, Object.keys(create.shape)) });
      context.emit(events.created, row);
      return row;
    },
  };
}
