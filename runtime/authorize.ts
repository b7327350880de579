import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { type ActionDescription, isForPeopleOnly, isOfPlatform, type Permission } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { type FlagName, flags, flagsOff } from '#core/flags.js';
import { isPermitted, ownerRole } from '#core/permission.js';
import { platformOrgId } from '#core/platform.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { grants, members, organizations, roles, sessions } from '#db/schema/index.js';
import type { ActiveSession, Actor, Caller } from './caller.js';
import { organizationFields } from './organization-fields.js';
import { requireWithinSupport, resolveSupport } from './support/resolve-support.js';
import { requireNotSuspended } from './suspension.js';

type KnownCaller = Exclude<Caller, { kind: 'anonymous' }>;

/**
 * Looks up what the caller may do at this moment. Throws `forbidden` for one whose membership or grant has ended, and
 * `unauthenticated` for one whose session has, and `organization_suspended`.
 */
export async function resolveActor(transaction: Transaction, caller: KnownCaller): Promise<Actor> {
  if (caller.kind === 'automation') return resolveAutomation(transaction, caller);
  if (caller.kind === 'scim') return provisionerOf(caller);
  if (caller.kind === 'support') return resolveSupport(transaction, caller);
  if (caller.kind === 'user' && caller.sessionId !== undefined) return resolvePerson(transaction, caller);
  const { permissions, role, isDeleted, off } = await rightsOf(transaction, caller);
  if (isDeleted) throw deletedOrganization();
  return {
    orgId: caller.orgId,
    kind: caller.kind,
    id: caller.kind === 'user' ? caller.userId : caller.keyId,
    userId: caller.userId,
    role,
    off,
    permissions,
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

/** True if the permission is within both the person's permissions and the scopes of key or grant. */
export function holdsPermission(
  { permissions, scopes }: Pick<Actor, 'permissions' | 'scopes'>,
  wanted: Permission,
): boolean {
  return isPermitted(permissions, wanted) && (scopes === null || isPermitted(scopes, wanted));
}

/** True for an owner who has signed in: who acts neither through a key or an automation, nor by a mailed link. */
export function isOwner({ role, session }: Pick<Actor, 'role' | 'session'>): boolean {
  return role === ownerRole && session !== undefined;
}

/** Throws `module_off` where the organization has switched it off, or its plan has it not. */
export function requireOn({ off = [] }: Pick<Actor, 'off'>, name: FlagName): void {
  if (off.includes(name)) throw new AppError('module_off', `${flags[name].title}: switched off here`);
}

/**
 * Throws `module_off`; `forbidden`, with the permission that is missing, or because only a person who has signed in may do
 * it; `step_up_required` for a super-user without a second factor.
 */
export function authorize(actor: Actor, action: ActionDescription): void {
  if (action.module !== undefined) requireOn(actor, action.module);
  if (isForPeopleOnly(action) && !actor.session) {
    throw new AppError('forbidden', `${action.name} is only for people who have signed in`);
  }
  if (isOfPlatform(action.permission)) {
    requireSuperUser(actor, action);
    return;
  }
  if (actor.support) requireWithinSupport(actor.support, action);
  if (action.permission === 'self' || holdsPermission(actor, action.permission)) return;
  throw new AppError('forbidden', `${action.name} needs the permission ${action.permission}`);
}

function requireSuperUser({ isSuperUser, session }: Actor, { name }: ActionDescription): void {
  if (!isSuperUser) throw new AppError('forbidden', `${name} is only for super-users of the platform`);
  if (session?.hasSecondFactor) return;
  throw new AppError(
    'step_up_required',
    `${name} needs a second factor: confirm who you are by authenticator app or passkey (POST /v1/me/confirm), then try again`,
  );
}

/** Throws `approval_required` where the action's effect needs a person's consent before this kind of caller may do it. */
export function requireApproval(actor: Actor, action: ActionDescription): void {
  const needsConsent = action.effect === 'send' || action.effect === 'destroy';
  if (actor.kind === 'agent' && needsConsent) {
    throw new AppError('approval_required', `${action.name} needs an approval before an agent may do it`);
  }
}

/** Throws `step_up_required` where the action asks for a person who has just proven who they are. */
export function requireRecentSignIn(actor: Actor, action: ActionDescription): void {
  if (!action.needsRecentSignIn) return;
  // Whoever runs an identity provider must not get at what its people hold everywhere: passwords, passkeys.
  const isProven = action.permission === 'self' ? actor.session?.isOwnProof : true;
  if (actor.session?.isRecent && isProven) return;
  throw new AppError(
    'step_up_required',
    `${action.name} needs a sign-in of the last ten minutes: prove who you are by identity.confirm (POST /v1/me/confirm), then try again`,
  );
}

type Person = Pick<KnownCaller, 'orgId'> & { userId: string };

/** What a person may do, by their role, at one moment. */
export interface Rights {
  permissions: string[];
  /** Key of the role. */
  role: string;
  /** The organization is deleted: only owners, in person, act in it. */
  isDeleted: boolean;
  off: FlagName[];
}

/**
 * Throws `forbidden` for one who is no active member, and in an organization that is deleted for all but its owners;
 * `organization_suspended`.
 */
export async function rightsOf(transaction: Transaction, { orgId, userId }: Person): Promise<Rights> {
  const [row] = await transaction
    .select({ permissions: roles.permissions, role: roles.key, ...organizationFields })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .where(isActiveMember(orgId, userId));
  if (!row) throw notAMember();
  const isDeleted = isDeletedFor(row);
  requireNotSuspended(row);
  return {
    permissions: row.permissions,
    role: row.role,
    isDeleted,
    off: flagsOff(row.plan, row.overrides, row.imposed),
  };
}

/** Throws `forbidden` for all but owners in an organization that is deleted, and for them too when its grace is over. */
function isDeletedFor({ role, eraseAt }: { role: string; eraseAt: string | null }): boolean {
  if (eraseAt === null) return false;
  if (role !== ownerRole || Date.parse(eraseAt) <= Date.now()) throw deletedOrganization();
  return true;
}

async function resolvePerson(
  transaction: Transaction,
  { orgId, userId, sessionId }: Person & { sessionId: string },
): Promise<Actor> {
  const [row] = await transaction
    .select({
      permissions: roles.permissions,
      role: roles.key,
      ...organizationFields,
      isGoingOn: sql<boolean>`coalesce(${sessions.revokedAt} IS NULL
        AND least(${sessions.idleUntil}, ${sessions.endsAt}) > now(), false)`,
      isRecent: sql<boolean>`coalesce(${sessions.authenticatedAt} > now() - interval '10 minutes', false)`,
      isOwnProof: sql<boolean>`coalesce(NOT ${sessions.methods} <@ ARRAY['oidc', 'saml'], false)`,
      hasSecondFactor: sql<boolean>`coalesce(${sessions.methods} && ARRAY['totp', 'passkey', 'recovery_code'], false)`,
      isSuperUser:
        orgId === platformOrgId
          ? sql<boolean>`EXISTS (SELECT FROM super_users s WHERE s.user_id = ${members.userId})`
          : sql<boolean>`false`,
    })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .leftJoin(
      sessions,
      and(eq(sessions.orgId, members.orgId), eq(sessions.id, sessionId), eq(sessions.userId, members.userId)),
    )
    .where(isActiveMember(orgId, userId));
  if (!row) throw notAMember();
  if (!row.isGoingOn) throw new AppError('unauthenticated', 'Your session has ended; log in again');
  isDeletedFor(row);
  requireNotSuspended(row);
  const { isRecent, isOwnProof, hasSecondFactor, isSuperUser } = row;
  const session: ActiveSession = { id: sessionId, isRecent, isOwnProof, hasSecondFactor };
  const { permissions, role } = row;
  return {
    orgId,
    kind: 'user',
    id: userId,
    userId,
    role,
    off: flagsOff(row.plan, row.overrides, row.imposed),
    permissions,
    scopes: null,
    runId: null,
    depth: 0,
    session,
    ...(isSuperUser && { isSuperUser }),
  };
}

function isActiveMember(orgId: string, userId: string) {
  return and(eq(members.orgId, orgId), eq(members.userId, userId), eq(members.status, 'active'));
}

function deletedOrganization(): AppError {
  return new AppError(
    'forbidden',
    'This organization is deleted: only its owners can act in it, to restore it',
  );
}

function notAMember(): AppError {
  return new AppError('forbidden', 'You are not an active member of this organization');
}

async function resolveAutomation(
  transaction: Transaction,
  caller: Extract<Caller, { kind: 'automation' }>,
): Promise<Actor> {
  const [row] = await transaction
    .select({
      userId: grants.onBehalfOf,
      scopes: grants.scopes,
      permissions: roles.permissions,
      role: roles.key,
      ...organizationFields,
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
        isNull(grants.revokedAt),
        or(isNull(grants.expiresAt), gt(grants.expiresAt, sql`now()`)),
        eq(members.status, 'active'),
        isNull(organizations.eraseAt),
      ),
    );
  if (!row)
    throw new AppError('forbidden', 'The grant of this automation has ended, or its publisher has left');
  requireNotSuspended(row);
  return {
    orgId: caller.orgId,
    kind: 'automation',
    id: caller.automationId,
    userId: row.userId,
    role: row.role,
    off: flagsOff(row.plan, row.overrides, row.imposed),
    permissions: row.permissions,
    scopes: row.scopes,
    runId: caller.runId,
    isRunOver: caller.attempt !== undefined && row.isRunOver,
    depth: caller.depth,
    ...(caller.step && { step: caller.step }),
  };
}
