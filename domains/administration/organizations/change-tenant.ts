import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { flagNames, plans } from '#core/flags.js';
import { organizations, platformFlags } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { titleField } from '#runtime/resource/text-field.js';
import { readTenant, Tenant } from './tenant.js';

const organizationId = z.uuid();

/** What every one of these is: it happens in the organization, whose owners see it in their audit log. */
const common = {
  permission: 'platform:manage',
  effect: 'write',
  isInOrganization: true,
  needsRecentSignIn: true,
  output: Tenant,
} as const;

export const getTenant = defineAction({
  name: 'tenants.get',
  title: 'Show organization',
  description:
    'Shows plan, flags, members counted and standing of one organization, and nothing of its work.',
  permission: 'platform:read',
  effect: 'read',
  isInOrganization: true,
  http: { method: 'get', path: '/platform/organizations/:organizationId' },
  input: z.strictObject({ organizationId }),
  output: Tenant,
  run: ({ db, actor }: DomainContext) => readTenant(db, actor.orgId),
});

export const setTenantPlan = defineAction({
  ...common,
  name: 'tenants.set_plan',
  title: 'Set plan',
  description: 'Gives an organization another plan, at once.',
  http: { method: 'put', path: '/platform/organizations/:organizationId/plan' },
  input: z.strictObject({ organizationId, plan: z.enum(plans) }),
  async run({ db, actor: { orgId }, audit }: DomainContext, { plan }) {
    await lockOrganization(db, orgId);
    const before = await readTenant(db, orgId);
    await db.update(organizations).set({ plan }).where(eq(organizations.id, orgId));
    audit(changeBetween(before, { plan }, ['plan']));
    return readTenant(db, orgId);
  },
});

/** Says of a module or feature whether an organization has it, in place of its plan. What it has it may switch off itself. */
export const setTenantFlag = defineAction({
  ...common,
  name: 'tenants.set_flag',
  title: 'Set flag',
  description:
    'Gives an organization a module or feature, or takes it, whatever its plan; null: as its plan says.',
  http: { method: 'put', path: '/platform/organizations/:organizationId/flags/:name' },
  input: z.strictObject({ organizationId, name: z.enum(flagNames), imposed: z.boolean().nullable() }),
  async run({ db, actor: { orgId }, audit }: DomainContext, { name, imposed }) {
    await lockOrganization(db, orgId);
    const before = await readTenant(db, orgId);
    if (imposed === null) {
      await db.delete(platformFlags).where(and(eq(platformFlags.orgId, orgId), eq(platformFlags.name, name)));
    } else {
      await db
        .insert(platformFlags)
        .values({ orgId, name, isOn: imposed })
        .onConflictDoUpdate({
          target: [platformFlags.orgId, platformFlags.name],
          set: { isOn: imposed },
        });
    }
    const saidBefore = before.flags.find((flag) => flag.name === name)?.imposed ?? null;
    audit(changeBetween({ [name]: saidBefore }, { [name]: imposed }, [name]));
    return readTenant(db, orgId);
  },
});

/** Nobody acts in it any more, and its runs wait, until it is resumed. Throws `conflict` where it is suspended already. */
export const suspendTenant = defineAction({
  ...common,
  name: 'tenants.suspend',
  title: 'Suspend organization',
  description:
    'Lets nobody act in an organization: members and keys are told why, runs wait, what comes in is kept. Resume it to undo this.',
  http: { method: 'post', path: '/platform/organizations/:organizationId/suspend' },
  input: z.strictObject({
    organizationId,
    reason: titleField(500).describe('What members are told'),
  }),
  async run({ db, actor: { orgId }, audit }: DomainContext, { reason }) {
    const [changed] = await db
      .update(organizations)
      .set({ suspendedAt: sql`now()`, suspensionReason: reason })
      .where(and(eq(organizations.id, orgId), isNull(organizations.suspendedAt)))
      .returning({ id: organizations.id });
    if (!changed) throw new AppError('conflict', 'The organization is suspended already');
    audit({ before: { suspended: null }, after: { suspended: reason } });
    return readTenant(db, orgId);
  },
});

/** Everything goes on where it was. Throws `conflict` where it is not suspended. */
export const resumeTenant = defineAction({
  ...common,
  name: 'tenants.resume',
  title: 'Resume organization',
  description: 'Ends a suspension: people can act again, and what has waited goes on.',
  http: { method: 'post', path: '/platform/organizations/:organizationId/resume' },
  input: z.strictObject({ organizationId }),
  async run({ db, actor: { orgId }, services, audit, afterCommit }: DomainContext) {
    const before = await readTenant(db, orgId);
    const [changed] = await db
      .update(organizations)
      .set({ suspendedAt: null, suspensionReason: null })
      .where(and(eq(organizations.id, orgId), isNotNull(organizations.suspendedAt)))
      .returning({ id: organizations.id });
    if (!changed) throw new AppError('conflict', 'The organization is not suspended');
    audit({ before: { suspended: before.suspensionReason }, after: { suspended: null } });
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'run', id: orgId }));
    return readTenant(db, orgId);
  },
});
