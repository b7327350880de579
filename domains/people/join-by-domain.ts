import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { auditEntry } from '#runtime/audit.js';
import type { DomainContext } from '#runtime/domain.js';
import { joinOrganization } from '#runtime/membership/join.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { tellJoined } from '#runtime/membership/tell-membership.js';
import { writeRecords } from '#runtime/records.js';

const Joinable = z.object({ id: z.uuid(), name: z.string(), slug: z.string() });

type Joinable = z.output<typeof Joinable> & { roleId: string };

/** The organizations that a person may join for the domain of their verified address. */
export const listJoinable = defineAction({
  name: 'organizations.list_joinable',
  title: 'List organizations to join',
  description:
    'Lists organizations that take people with an address of the domain of yours, if yours is verified.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/organizations/joinable' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Joinable) }),
  async run({ db, actor }: DomainContext) {
    return { items: await findJoinable(db, actor.userId) };
  },
});

/** Joins such an organization. Throws the same `not_found` for one that is none, and for who was sent away from it. */
export const joinByDomain = defineAction({
  name: 'organizations.join',
  title: 'Join organization',
  description:
    'Makes you a member of an organization that takes people with an address of the domain of yours.',
  permission: 'self',
  effect: 'write',
  http: { method: 'post', path: '/organizations/:organizationId/join' },
  input: z.strictObject({ organizationId: z.uuid() }),
  output: z.object({ organization: Joinable }),
  async run({ db, actor, services, origin }: DomainContext, { organizationId }) {
    await enterOrg(db, organizationId);
    await lockOrganization(db, organizationId);
    const found = await findJoinable(db, actor.userId);
    const organization = found.find(({ id }) => id === organizationId);
    if (!organization) throw new AppError('not_found', 'There is no such organization to join');
    const joined = await joinOrganization(db, {
      orgId: organizationId,
      userId: actor.userId,
      roleId: organization.roleId,
      departmentId: null,
      // Who was removed is not brought back by an address that they still have.
      since: '-infinity',
      by: 'domain',
    });
    if (joined) {
      const details = { input: { id: organizationId }, output: undefined, requestId: undefined };
      const audit = auditEntry({ ...actor, orgId: organizationId }, joinByDomain, details);
      await writeRecords(db, { orgId: organizationId, audit });
      const principal = { kind: actor.kind, id: actor.id };
      await tellJoined(services, db, { orgId: organizationId, joined, principal, origin });
    }
    await enterOrg(db, actor.orgId);
    return { organization };
  },
});

async function findJoinable(db: Transaction, userId: string): Promise<Joinable[]> {
  await db.execute(sql`SELECT set_config('app.user_id', ${userId}, true)`);
  const rows = await db.execute<Joinable>(
    sql`SELECT org_id AS id, name, slug, role_id AS "roleId" FROM find_joinable() ORDER BY name, org_id`,
  );
  return rows.map(({ id, name, slug, roleId }) => ({ id, name, slug, roleId }));
}
