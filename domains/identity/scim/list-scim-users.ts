import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { members, scimUsers, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { readScimUser, readScimUsers, userNameColumn } from './read-scim-users.js';
import { conditionOf } from './scim-filter.js';
import { maxScimPageSize } from './scim-schemas.js';
import { presentScimUser, ScimUser } from './scim-user.js';

/** The paging of SCIM, RFC 7644, 3.4.2.4: a start below 1 means 1, a negative count 0. */
export const ScimPage = z.object({
  filter: z.string().optional(),
  startIndex: z.coerce
    .number()
    .int()
    .max(1_000_000)
    .transform((start) => Math.max(start, 1))
    .default(1),
  count: z.coerce
    .number()
    .int()
    .transform((wanted) => Math.min(Math.max(wanted, 0), maxScimPageSize))
    .default(100),
});

const filters = {
  username: (value: string) => sql`${userNameColumn} = ${value}::citext`,
  externalid: (value: string) => sql`${scimUsers.externalId} = ${value}`,
  id: (value: string) => sql`${members.userId}::text = ${value}`,
  active: (value: string) => sql`(${members.status} = 'active') = ${value.toLowerCase() === 'true'}`,
  emails: (value: string) => sql`${users.email} = ${value}::citext`,
  'emails.value': (value: string) => sql`${users.email} = ${value}::citext`,
};

/** A page of members. Throws `validation` naming `filter`. */
export const listScimUsers = defineAction({
  name: 'scim.list_users',
  title: 'List provisioned users',
  description: 'Lists members as the identity provider knows them.',
  permission: 'scim:provision',
  effect: 'read',
  input: ScimPage,
  output: z.object({ total: z.int(), startIndex: z.int(), items: z.array(ScimUser) }),
  async run({ db, actor, services }: DomainContext, { filter, startIndex, count }) {
    const { total, rows } = await readScimUsers(db, actor.orgId, {
      where: conditionOf(filter, filters),
      offset: startIndex - 1,
      limit: count,
    });
    return { total, startIndex, items: rows.map((row) => presentScimUser(row, services.configuration)) };
  },
});

/** One member. Throws `not_found`. */
export const getScimUser = defineAction({
  name: 'scim.get_user',
  title: 'Show provisioned user',
  description: 'Shows a member as the identity provider knows them.',
  permission: 'scim:provision',
  effect: 'read',
  input: z.object({ id: z.uuid() }),
  output: ScimUser,
  run: async ({ db, actor, services }: DomainContext, { id }) =>
    presentScimUser(await readScimUser(db, actor.orgId, id), services.configuration),
});
