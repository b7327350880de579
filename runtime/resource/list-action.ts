import { and, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { DomainContext } from '../domain.js';
import { withFieldErrors } from './database-error.js';
import { openPage, type PageRequest, pageInput, pageOutput } from './page.js';
import type { ResourceDefinition } from './resource-definition.js';
import { rowsThat } from './resource-rows.js';
import { fieldsOf, type Row } from './resource-table.js';
import { textField } from './text-field.js';

type ListInput = PageRequest & Row & { deleted: boolean; q?: string };

const booleanInput = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

/** `<name>.list`: a page of the rows that filters and search leave. */
export function listAction(definition: ResourceDefinition): DomainAction<DomainContext> {
  const { name, table, output, filters, sorts, defaultSort, search, http } = definition;
  const filterFields = Object.entries(filters).map(([field, { schema }]) => [field, schema.optional()]);
  const input = z.strictObject({
    ...Object.fromEntries(filterFields),
    ...(search ? { q: textField({ min: 1, max: 500 }).optional().describe('Full-text search') } : {}),
    deleted: booleanInput.default(false).describe('True: only what was deleted'),
    ...pageInput(sorts, defaultSort),
  });

  return {
    kind: 'domain',
    name: `${name}.list`,
    title: `List ${name}`,
    description: `Finds ${name} by filter${search ? ' and full-text search' : ''}, a page at a time.`,
    permission: `${name}:read`,
    effect: 'read',
    http: { method: 'get', path: http.path },
    input,
    output: pageOutput(output),
    async run(context, parsed) {
      // perform() has parsed it with the schema above, whose shape depends on the definition.
      const request = parsed as ListInput;
      const page = openPage(sorts, table.id, request);
      const rows = await withFieldErrors(table, () =>
        context.db
          .select({ ...fieldsOf(table, output), ...page.fields })
          .from(table)
          .where(and(conditions(definition, context, request), page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit),
      );
      return page.close(rows);
    },
  };
}

function conditions(
  definition: ResourceDefinition,
  context: DomainContext,
  request: ListInput,
): SQL | undefined {
  const { filters, search } = definition;
  const narrowed = Object.entries(filters)
    .filter(([field]) => request[field] !== undefined)
    .map(([field, filter]) => filter.where(request[field]));
  const found =
    search && request.q !== undefined
      ? sql`${search} @@ websearch_to_tsquery('simple', ${request.q})`
      : undefined;
  return and(rowsThat(request.deleted ? 'are deleted' : 'exist', definition, context), ...narrowed, found);
}
