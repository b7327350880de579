import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import { platformOrgId } from '#core/platform.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { grants, members, organizations, roles, sessions } from '#db/schema/index.js';
import { resolveAgent } from './agents/resolve-agent.js';
import type { ActiveSession, Actor, Caller } from './caller.js';
import {
  grantRefusal,
  isGrantValid,
  membershipRefusal,
  organizationRefusal,
  type Rights,
  readStanding,
  rightsBy,
  type Standing,
  standingFields,
} from './standing.js';
import { resolveSupport } from './support/resolve-support.js';

type KnownCaller = Exclude<Caller, { kind: 'anonymous' }>;
type Person = Pick<KnownCaller, 'orgId'> & { userId: string };

/**
 * Looks up what the caller may do at this moment. Throws `forbidden` for one whose membership or grant has ended, and
 * `unauthenticated` for one whose session has, and `organization_suspended`.
 */
export async function resolveActor(transaction: Transaction, caller: KnownCaller): Promise<Actor> {
  if (caller.kind === 'automation') return resolveAutomation(transaction, caller);
  if (caller.kind === 'agent') return resolveAgent(transaction, caller);
  if (caller.kind === 'scim') return provisionerOf(caller);
  if (caller.kind === 'support') return resolveSupport(transaction, caller);
  if (caller.kind === 'user' && caller.sessionId !== undefined) return resolvePerson(transaction, caller);
  const standing = await requireMember(transaction, caller);
  refuseBy(organizationRefusal(standing, false));
  return {
    orgId: caller.orgId,
    kind: caller.kind,
    id: caller.kind === 'user' ? caller.userId : caller.keyId,
    userId: caller.userId,
    ...rightsBy(standing),
    scopes: caller.kind === 'user' ? null : caller.scopes,
    runId: null,
    depth: 0,
    ...(caller.kind === 'user' && caller.via && { via: caller.via }),
  };
}

/** People have to be let go also when the one who made the token has left, so no person's rights bound it. */
function provisionerOf({ orgId, tokenId, userId }: Extract<Caller, { kind: 'scim' }>): Actor {
  const permissions = ['scim:provision'];
  return {
    orgId,
    kind: 'scim',
    id: tokenId,
    userId,
    permissions,
    scopes: permissions,
    runId: null,
    depth: 0,
  };
}

/**
 * Throws `forbidden` for one who is no active member, and in an organization that is deleted for all but its owners;
 * `organization_suspended`.
 */
export async function rightsOf(transaction: Transaction, person: Person): Promise<Rights> {
  const standing = await requireMember(transaction, person);
  refuseBy(organizationRefusal(standing, true));
  return rightsBy(standing);
}

async function requireMember(transaction: Transaction, person: Person): Promise<Standing> {
  const standing = await readStanding(transaction, person);
  const refusal = membershipRefusal(standing);
  if (!standing || refusal) throw refusal;
  return standing;
}

function refuseBy(refusal: AppError | undefined): void {
  if (refusal) throw refusal;
}

/** What is to be known of a session that goes on, or has ended. */
export const sessionFields = {
  isGoingOn: sql<boolean>`coalesce(${sessions.revokedAt} IS NULL
    AND least(${sessions.idleUntil}, ${sessions.endsAt}) > now(), false)`,
  isRecent: sql<boolean>`coalesce(${sessions.authenticatedAt} > now() - interval '10 minutes', false)`,
  isOwnProof: sql<boolean>`coalesce(NOT ${sessions.methods} <@ ARRAY['oidc', 'saml'], false)`,
  hasSecondFactor: sql<boolean>`coalesce(${sessions.methods} && ARRAY['totp', 'passkey', 'recovery_code'], false)`,
};

/** Whether they are a super-user: only who has signed in to the platform counts as one. */
function isSuperUserIn(orgId: string) {
  return orgId === platformOrgId
    ? sql<boolean>`EXISTS (SELECT FROM super_users s WHERE s.user_id = ${members.userId})`
    : sql<boolean>`false`;
}

async function resolvePerson(
  transaction: Transaction,
  { orgId, userId, sessionId }: Person & { sessionId: string },
): Promise<Actor> {
  const [row] = await transaction
    .select({ ...standingFields, ...sessionFields, isSuperUser: isSuperUserIn(orgId) })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .leftJoin(
      sessions,
      and(eq(sessions.orgId, members.orgId), eq(sessions.id, sessionId), eq(sessions.userId, members.userId)),
    )
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  const refusal = membershipRefusal(row);
  if (!row || refusal) throw refusal;
  if (!row.isGoingOn) throw new AppError('unauthenticated', 'Your session has ended; log in again');
  refuseBy(organizationRefusal(row, true));
  const { isRecent, isOwnProof, hasSecondFactor, isSuperUser } = row;
  const session: ActiveSession = { id: sessionId, isRecent, isOwnProof, hasSecondFactor };
  return {
    orgId,
    kind: 'user',
    id: userId,
    userId,
    ...rightsBy(row),
    scopes: null,
    runId: null,
    depth: 0,
    session,
    ...(isSuperUser && { isSuperUser }),
  };
}

async function resolveAutomation(
  transaction: Transaction,
  caller: Extract<Caller, { kind: 'automation' }>,
): Promise<Actor> {
  const [row] = await transaction
    .select({
      ...standingFields,
      userId: grants.onBehalfOf,
      scopes: grants.scopes,
      isGrantValid,
      isRunOver: sql<boolean>`EXISTS (SELECT FROM runs WHERE id = ${caller.runId}
        AND (finished_at IS NOT NULL OR attempt <> ${caller.attempt ?? null}::integer))`,
    })
    .from(grants)
    .innerJoin(members, and(eq(members.orgId, grants.orgId), eq(members.userId, grants.onBehalfOf)))
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, grants.orgId))
    .where(
      and(
        eq(grants.id, caller.grantId),
        eq(grants.principalKind, 'automation'),
        eq(grants.principalId, caller.automationId),
      ),
    );
  const refusal = grantRefusal(row);
  if (!row || refusal) throw refusal;
  return {
    orgId: caller.orgId,
    kind: 'automation',
    id: caller.automationId,
    userId: row.userId,
    ...rightsBy(row),
    scopes: row.scopes,
    runId: caller.runId,
    isRunOver: caller.attempt !== undefined && row.isRunOver,
    depth: caller.depth,
    ...(caller.step && { step: caller.step }),
  };
}
