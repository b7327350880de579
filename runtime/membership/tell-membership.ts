import type { z } from 'zod';
import type { Transaction } from '#db/client.js';
import type { DomainContext } from '../domain.js';
import { timeOrderedId } from '../outbox.js';
import { writeRecords } from '../records.js';
import { recordSecurityEvent, type SecurityEvent, type SecurityServices } from '../security-events.js';
import { type MemberJoined, memberJoined } from './join.js';
import { type Member, memberEvents, readMemberOfUser } from './member.js';

/** Who did it, as security events name it. */
type Doer = Pick<SecurityEvent, 'principal' | 'origin'>;

/** Tells of somebody who has become a member, by whichever way: `member.joined`, and a security event. */
export async function tellJoined(
  services: SecurityServices,
  db: Transaction,
  { orgId, joined, ...doer }: Doer & { orgId: string; joined: MemberJoined },
): Promise<void> {
  const { userId, roleId, by } = joined;
  const event = {
    id: timeOrderedId(),
    type: memberJoined.type,
    payload: joined,
    runId: null,
    depth: 0,
    isNotice: joined.invitedBy !== null,
  };
  await writeRecords(db, { orgId, events: [event] });
  const details = { change: 'joined', roleId, by };
  await recordSecurityEvent(services, db, { ...doer, orgId, kind: 'membership_changed', userId, details });
}

/** Tells of a member who may act no more, or again, by whichever way: the event of it, and a security event. */
export async function tellMembership(
  { db, actor, services, origin, emit }: DomainContext,
  change: 'deactivated' | 'reactivated' | 'removed',
  member: z.output<typeof Member>,
): Promise<void> {
  emit(memberEvents[change], member);
  await recordSecurityEvent(services, db, {
    orgId: actor.orgId,
    kind: 'membership_changed',
    userId: member.userId,
    principal: { kind: actor.kind, id: actor.id },
    origin,
    details: { change },
  });
}

/** Tells of a member who has another role, by whatever a provider says: `member.updated`, and a security event. */
export async function tellRoleChanged(
  services: SecurityServices,
  db: Transaction,
  {
    details,
    ...changed
  }: Doer & { orgId: string; userId: string; details: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { orgId, userId } = changed;
  const payload = memberEvents.updated.payload.parse(await readMemberOfUser(db, orgId, userId));
  const event = { id: timeOrderedId(), type: memberEvents.updated.type, payload, runId: null, depth: 0 };
  await writeRecords(db, { orgId, events: [event] });
  await recordSecurityEvent(services, db, { ...changed, kind: 'member_role_changed', details });
}
