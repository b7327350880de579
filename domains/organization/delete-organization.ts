import { and, eq, gt, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ActionDescription, defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { defineEvent } from '#core/event.js';
import { organizations, schedules } from '#db/schema/index.js';
import { isOwner } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockPeople } from '#runtime/membership/lock-people.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { reviseSchedule } from '#runtime/triggers/revise-schedule.js';

/** Days in which an organization can be brought back. */
const graceDays = 30;

const Deletion = z.object({
  id: z.uuid(),
  eraseAt: z.string().nullable().describe('When it is erased for good; null: it stays'),
});

const event = (verb: string, description: string) =>
  defineEvent({
    type: `organization.${verb}`,
    title: `Organization ${verb}`,
    description,
    payload: Deletion,
  });

export const organizationEvents = {
  deleted: event('deleted', 'An owner deleted the organization; it is erased after 30 days.'),
  restored: event('restored', 'An owner brought the organization back.'),
};

/**
 * Stops everything in the organization at once: nobody but its owners can act, nothing starts any more. After 30 days it
 * is erased, with all that it has. Throws `forbidden` for all but owners in person, `validation` naming `slug`.
 */
export const deleteOrganization = defineAction({
  name: 'organization.delete',
  title: 'Delete organization',
  description:
    'Stops the organization at once, and erases it with all that it has after 30 days. Until then an owner can restore it.',
  permission: 'organization:delete',
  effect: 'destroy',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/organization/delete' },
  input: z.strictObject({ slug: z.string().max(100).describe('Of the organization, typed to confirm') }),
  output: Deletion,
  emits: [organizationEvents.deleted.type],
  async run(context: DomainContext, { slug }) {
    const { db, actor, emit } = context;
    await requireOwner(context, deleteOrganization);
    const [organization] = await db
      .select({ slug: organizations.slug })
      .from(organizations)
      .where(eq(organizations.id, actor.orgId));
    if (organization?.slug !== slug) {
      throw invalidField({ path: 'slug', message: 'is not that of this organization' });
    }
    const eraseAt = sql`now() + make_interval(days => ${graceDays})`;
    const deletion = await change(context, eraseAt, isNull(organizations.eraseAt));
    if (!deletion) throw new AppError('conflict', 'The organization is deleted already');
    emit(organizationEvents.deleted, deletion);
    return deletion;
  },
});

/** Brings a deleted organization back as it was. Runs that ended meanwhile for lack of rights can be retried. */
export const restoreOrganization = defineAction({
  name: 'organization.restore',
  title: 'Restore organization',
  description: 'Brings a deleted organization back as it was, within 30 days.',
  permission: 'organization:delete',
  effect: 'write',
  http: { method: 'post', path: '/organization/restore' },
  input: z.strictObject({}),
  output: Deletion,
  emits: [organizationEvents.restored.type],
  async run(context: DomainContext) {
    const { emit } = context;
    await requireOwner(context, restoreOrganization);
    const isInGrace = and(isNotNull(organizations.eraseAt), gt(organizations.eraseAt, sql`now()`));
    const restored = await change(context, null, isInGrace);
    if (!restored) throw new AppError('conflict', 'The organization is not deleted');
    emit(organizationEvents.restored, restored);
    return restored;
  },
});

async function requireOwner(context: DomainContext, action: ActionDescription): Promise<void> {
  const present = await lockPeople(context, action);
  if (!isOwner(present)) throw new AppError('forbidden', 'Only an owner, in person, can do this');
}

/** Writes when it is erased, and has the engine told of its schedules. */
async function change(
  { db, actor, services, afterCommit }: DomainContext,
  eraseAt: SQL | null,
  isAsExpected: SQL | undefined,
): Promise<z.output<typeof Deletion> | undefined> {
  const { orgId } = actor;
  const [changed] = await db
    .update(organizations)
    .set({ eraseAt })
    .where(and(eq(organizations.id, orgId), isAsExpected))
    .returning({ id: organizations.id, eraseAt: organizations.eraseAt });
  if (!changed) return undefined;
  const scheduled = await db
    .select({ automationId: schedules.automationId })
    .from(schedules)
    .where(eq(schedules.orgId, orgId));
  for (const { automationId } of scheduled) await reviseSchedule(db, { orgId, automationId }, false);
  afterCommit(() => services.hub.publish(dispatchChannel, { type: 'schedule', id: orgId }));
  return changed;
}
