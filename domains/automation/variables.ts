import { count, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { variables as table } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { CreateVariable, Variable, variableEvents } from './variable.js';

/** Most variables of an organization; deleted ones do not count. */
export const maxVariables = 200;

const resource = defineResource({
  name: 'variables',
  singular: 'variable',
  table,
  output: Variable,
  create: CreateVariable,
  update: CreateVariable,
  filters: { name: equals(table.name, z.string()) },
  sorts: {
    createdAt: byColumn(table.createdAt),
    updatedAt: byColumn(table.updatedAt),
    name: byColumn(table.name),
  },
  defaultSort: 'name',
  events: variableEvents,
  http: { path: '/variables' },
});

/** Values of the organization that expressions of all its automations see as `vars.<name>`. */
export const variables = {
  ...resource,
  actions: resource.actions.map((action) => {
    if (action.name !== 'variables.create' && action.name !== 'variables.restore') return action;
    return {
      ...action,
      async run(context: DomainContext, input: unknown) {
        await requireRoom(context);
        return action.run(context, input);
      },
    };
  }),
};

/** Names of the organization's variables. */
export async function variableNames(db: Transaction): Promise<Set<string>> {
  const rows = await db.select({ name: table.name }).from(table).where(isNull(table.deletedAt));
  return new Set(rows.map(({ name }) => name));
}

/** Throws `conflict` where there are as many as there can be. Of two that are made at once, one waits. */
async function requireRoom({ db, actor }: DomainContext): Promise<void> {
  await db.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`variables/${actor.orgId}`}, 0))`);
  const [row] = await db.select({ total: count() }).from(table).where(isNull(table.deletedAt));
  if ((row?.total ?? 0) < maxVariables) return;
  throw new AppError('conflict', `An organization has ${maxVariables} variables at most; delete one first`);
}
