import { and, count, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { organizationDomains, roles } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockPeople } from '#runtime/membership/lock-people.js';
import { requireGrantable } from '#runtime/membership/may-grant.js';
import { withFieldErrors } from '#runtime/resource/database-error.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { CompanyDomain, DomainName, domainFields, makeChallenge, presentDomain } from './company-domain.js';

const maxDomains = 50;

/** Names a domain as the organization's. It means nothing until it is proven. Throws `validation`, `conflict`. */
export const addDomain = defineAction({
  name: 'organization.add_domain',
  title: 'Add company domain',
  description: 'Names a domain of the company, and shows the DNS record that proves it.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'post', path: '/organization/domains', status: 201 },
  input: z.strictObject({ domain: DomainName }),
  output: CompanyDomain,
  async run({ db, actor }: DomainContext, { domain }) {
    const [{ there } = { there: 0 }] = await db
      .select({ there: count() })
      .from(organizationDomains)
      .where(eq(organizationDomains.orgId, actor.orgId));
    if (there >= maxDomains) throw new AppError('conflict', `There are ${maxDomains} domains already`);
    const [row] = await withFieldErrors(organizationDomains, () =>
      db
        .insert(organizationDomains)
        .values({ orgId: actor.orgId, domain, challenge: makeChallenge() })
        .returning(domainFields),
    );
    if (!row) throw new AppError('internal', 'The domain was not written');
    return presentDomain(row);
  },
});

/** Looks for the record of a domain. Throws `conflict` where it is not there, `provider_unavailable`. */
export const checkDomain = defineAction({
  name: 'organization.check_domain',
  title: 'Check company domain',
  description: 'Looks for the DNS record that proves a domain.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'post', path: '/organization/domains/:id/check' },
  input: z.strictObject({ id: z.uuid() }),
  output: CompanyDomain,
  async outside(context: DomainContext, { id }) {
    const { record } = await readDomain(context, id);
    return () => context.services.outgoing.readTxt(record.name);
  },
  async run(context: DomainContext, { id }, texts) {
    const { db, actor } = context;
    const { record } = await readDomain(context, id);
    if (!texts.includes(record.value)) {
      throw new AppError(
        'conflict',
        `There is no TXT record ${record.name} with the value ${record.value} yet`,
      );
    }
    await db
      .update(organizationDomains)
      .set({ verifiedAt: sql`coalesce(${organizationDomains.verifiedAt}, now())` })
      .where(and(eq(organizationDomains.orgId, actor.orgId), eq(organizationDomains.id, id)));
    return readDomain(context, id);
  },
});

/** Says as what people with an address of a proven domain join by themselves, within the caller's own permissions. */
export const updateDomain = defineAction({
  name: 'organization.update_domain',
  title: 'Update company domain',
  description: 'Lets people with a verified address of a proven domain join with a role, or nobody.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'patch', path: '/organization/domains/:id' },
  input: z.strictObject({ id: z.uuid(), joinRoleId: z.uuid().nullable() }),
  output: CompanyDomain,
  async run(context: DomainContext, { id, joinRoleId }) {
    const { db, actor } = context;
    const present = await lockPeople(context, updateDomain);
    const { verifiedAt } = await readDomain(context, id);
    if (joinRoleId !== null) {
      const [role] = await db
        .select({ key: roles.key, permissions: roles.permissions })
        .from(roles)
        .where(and(eq(roles.orgId, actor.orgId), eq(roles.id, joinRoleId), sql`${roles.deletedAt} IS NULL`));
      if (!role) throw invalidField({ path: 'joinRoleId', message: 'does not exist' });
      requireGrantable(present, role, 'joinRoleId');
      if (verifiedAt === null) throw new AppError('conflict', 'The domain is not proven yet');
    }
    await db
      .update(organizationDomains)
      .set({ joinRoleId })
      .where(and(eq(organizationDomains.orgId, actor.orgId), eq(organizationDomains.id, id)));
    return readDomain(context, id);
  },
});

export const removeDomain = defineAction({
  name: 'organization.remove_domain',
  title: 'Remove company domain',
  description:
    'Lets a domain be none of the company. Who joined by it stays; it can be added and proven again.',
  permission: 'organization:update',
  effect: 'destroy',
  http: { method: 'delete', path: '/organization/domains/:id', status: 204 },
  input: z.strictObject({ id: z.uuid() }),
  output: z.unknown(),
  async run({ db, actor }: DomainContext, { id }) {
    const [removed] = await db
      .delete(organizationDomains)
      .where(and(eq(organizationDomains.orgId, actor.orgId), eq(organizationDomains.id, id)))
      .returning({ id: organizationDomains.id });
    if (!removed) throw noDomain();
    return null;
  },
});

const sorts = { domain: byColumn(organizationDomains.domain) };

export const listDomains = defineAction({
  name: 'organization.list_domains',
  title: 'List company domains',
  description: 'Lists the domains of the company, with the records that prove them.',
  permission: 'organization:read',
  effect: 'read',
  http: { method: 'get', path: '/organization/domains' },
  input: z.strictObject(pageInput(sorts, 'domain')),
  output: pageOutput(CompanyDomain),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, organizationDomains.id, request);
    const rows = await db
      .select({ ...domainFields, ...page.fields })
      .from(organizationDomains)
      .where(and(eq(organizationDomains.orgId, actor.orgId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const { items, nextCursor } = page.close(rows);
    return { items: items.map(presentDomain), nextCursor };
  },
});

async function readDomain({ db, actor }: DomainContext, id: string) {
  const [row] = await db
    .select(domainFields)
    .from(organizationDomains)
    .where(and(eq(organizationDomains.orgId, actor.orgId), eq(organizationDomains.id, id)));
  if (!row) throw noDomain();
  return presentDomain(row);
}

function noDomain(): AppError {
  return new AppError('not_found', 'There is no such domain');
}
