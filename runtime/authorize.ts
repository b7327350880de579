import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { ActionDescription, Permission } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { isPermitted, ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { grants, members, organizations, roles } from '#db/schema/index.js';
import type { Actor, Caller } from './caller.js';

type KnownCaller = Exclude<Caller, { kind: 'anonymous' }>;

/**
 * Looks up what the caller may do at this moment. Throws `unauthenticated` for an anonymous caller and `forbidden`
 * for one whose membership or grant has ended.
 */
export async function resolveActor(transaction: Transaction, caller: KnownCaller): Promise<Actor> {
  if (caller.kind === 'automation') return resolveAutomation(transaction, caller);
  const { permissions, role, isDeleted } = await rightsOf(transaction, caller.userId);
  if (isDeleted && caller.kind !== 'user') throw deletedOrganization();
  return {
    orgId: caller.orgId,
    kind: caller.kind,
    id: caller.kind === 'user' ? caller.userId : caller.keyId,
    userId: caller.userId,
    role,
    permissions,
    scopes: caller.kind === 'user' ? null : caller.scopes,
    runId: null,
    depth: 0,
    ...(caller.kind === 'user' && caller.via && { via: caller.via }),
  };
}

/** True if the permission is within both the person's permissions and the scopes of key or grant. */
export function holdsPermission(
  { permissions, scopes }: Pick<Actor, 'permissions' | 'scopes'>,
  wanted: Permission,
): boolean {
  return isPermitted(permissions, wanted) && (scopes === null || isPermitted(scopes, wanted));
}

/** True for an owner who acts in person: not through a key, an automation or a mailed link. */
export function isOwner({ kind, role, via }: Pick<Actor, 'kind' | 'role' | 'via'>): boolean {
  return kind === 'user' && role === ownerRole && via === undefined;
}

/** Throws `forbidden`, with the permission that is missing. */
export function authorize(actor: Actor, action: ActionDescription): void {
  if (holdsPermission(actor, action.permission)) return;
  throw new AppError('forbidden', `${action.name} needs the permission ${action.permission}`);
}

/** Throws `approval_required` where the action's effect needs a person's consent before this kind of caller may do it. */
export function requireApproval(actor: Actor, action: ActionDescription): void {
  const needsConsent = action.effect === 'send' || action.effect === 'destroy';
  if (actor.kind === 'agent' && needsConsent) {
    throw new AppError('approval_required', `${action.name} needs an approval before an agent may do it`);
  }
}

/**
 * What a person's role allows at this moment. Throws `forbidden` for one who is no active member, and in an organization
 * that is deleted for all but its owners.
 */
export async function rightsOf(
  transaction: Transaction,
  userId: string,
): Promise<{ permissions: string[]; role: string; isDeleted: boolean }> {
  const [row] = await transaction
    .select({ permissions: roles.permissions, role: roles.key, eraseAt: organizations.eraseAt })
    .from(members)
    .innerJoin(roles, and(eq(roles.orgId, members.orgId), eq(roles.id, members.roleId)))
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .where(and(eq(members.userId, userId), eq(members.status, 'active')));
  if (!row) throw new AppError('forbidden', 'You are not an active member of this organization');
  const { permissions, role, eraseAt } = row;
  if (eraseAt !== null && (role !== ownerRole || Date.parse(eraseAt) <= Date.now()))
    throw deletedOrganization();
  return { permissions, role, isDeleted: eraseAt !== null };
}

function deletedOrganization(): AppError {
  return new AppError(
    'forbidden',
    'This organization is deleted: only its owners can act in it, to restore it',
  );
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
      isRunOver: sql<boolean>`EXISTS (SELECT FROM runs WHERE id = ${caller.runId}
        AND (finished_at IS NOT NULL OR attempt <> ${caller.attempt ?? null}::integer))`,
    })
    .from(grants)
    .innerJoin(members, and(eq(members.orgId, grants.orgId), eq(members.userId, grants.onBehalfOf)))
    .innerJoin(roles, and(eq(roles.orgId, members.orgId), eq(roles.id, members.roleId)))
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
  return {
    orgId: caller.orgId,
    kind: 'automation',
    id: caller.automationId,
    userId: row.userId,
    role: row.role,
    permissions: row.permissions,
    scopes: row.scopes,
    runId: caller.runId,
    isRunOver: caller.attempt !== undefined && row.isRunOver,
    depth: caller.depth,
    ...(caller.step && { step: caller.step }),
  };
}
