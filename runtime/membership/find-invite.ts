import { timingSafeEqual } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { invites, organizations, roles } from '#db/schema/index.js';
import { rightsOf } from '../resolve-actor.js';
import type { Vault } from '../vault.js';
import { hashInviteToken, type InviteSecret, macsOfCode, parseInviteToken } from './invite-secret.js';
import { lockOrganization } from './lock-people.js';
import { requireGrantable } from './may-grant.js';

/** An invite that can be accepted now. */
export interface OpenInvite {
  orgId: string;
  id: string;
  /** Null: whoever has the code. */
  email: string | null;
  organization: { id: string; name: string; slug: string };
  role: { id: string; key: string; name: string; permissions: string[] };
  departmentId: string | null;
  invitedBy: string;
  /** ISO 8601. */
  issuedAt: string;
  expiresAt: string;
}

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Moves a transaction into the organization of an invite and returns the invite. With `isLocked` nobody else accepts
 * one of that organization until the transaction ends. Throws the same `not_found`, after the same work, for one that
 * never was, has expired, is revoked or used up, or gives more than its maker holds now.
 */
export async function findInvite(
  db: Transaction,
  vault: Pick<Vault, 'macs'>,
  secret: InviteSecret,
  isLocked: boolean,
): Promise<OpenInvite> {
  const claimed = await locate(db, vault, secret);
  await enterOrg(db, claimed.orgId);
  if (isLocked) await lockOrganization(db, claimed.orgId);
  const found = await read(db, claimed);
  const isSame = claimed.hashes.some((hash) => areEqual(hash, found?.secretHash ?? ''));
  if (!found?.isOpen || !isSame || !(await isStillHeld(db, { ...found, orgId: claimed.orgId })))
    throw invalidInvite();
  const { secretHash: _, isOpen: __, ...invite } = found;
  return { ...invite, orgId: claimed.orgId };
}

/** The one answer about invites that can't be accepted. */
export function invalidInvite(): AppError {
  return new AppError('not_found', 'This invite is not valid, or not any more: ask for a new one');
}

async function locate(
  db: Transaction,
  vault: Pick<Vault, 'macs'>,
  { token = '', code }: InviteSecret,
): Promise<{ orgId: string; id: string; hashes: readonly string[] }> {
  if (code === undefined) {
    const { orgId, id } = parseInviteToken(token) ?? { orgId: nobody, id: nobody };
    return { orgId, id, hashes: [hashInviteToken(token)] };
  }
  const hashes = macsOfCode(vault, code);
  const [found] = await db.execute<{ orgId: string; id: string }>(
    sql`SELECT org_id AS "orgId", id FROM find_invite(${sql.param(hashes)}::text[])`,
  );
  return { orgId: found?.orgId ?? nobody, id: found?.id ?? nobody, hashes };
}

async function read(db: Transaction, { orgId, id }: { orgId: string; id: string }) {
  const [row] = await db
    .select({
      id: invites.id,
      email: invites.email,
      organization: { id: organizations.id, name: organizations.name, slug: organizations.slug },
      role: { id: roles.id, key: roles.key, name: roles.name, permissions: roles.permissions },
      departmentId: invites.departmentId,
      invitedBy: invites.invitedBy,
      issuedAt: invites.issuedAt,
      expiresAt: invites.expiresAt,
      secretHash: invites.secretHash,
      isOpen: sql<boolean>`${invites.revokedAt} IS NULL AND ${invites.expiresAt} > now()
        AND ${invites.uses} < ${invites.maxUses}`,
    })
    .from(invites)
    .innerJoin(organizations, eq(organizations.id, invites.orgId))
    .innerJoin(roles, and(eq(roles.orgId, invites.orgId), eq(roles.id, invites.roleId)))
    .where(
      and(
        eq(invites.orgId, orgId),
        eq(invites.id, id),
        isNull(roles.deletedAt),
        isNull(organizations.eraseAt),
      ),
    );
  return row;
}

/** True if its maker is a member and holds the role's permissions at this moment. */
async function isStillHeld(
  db: Transaction,
  { orgId, invitedBy, role }: Pick<OpenInvite, 'orgId' | 'invitedBy' | 'role'>,
): Promise<boolean> {
  try {
    const rights = await rightsOf(db, { orgId, userId: invitedBy });
    const inPerson = { id: invitedBy, isRecent: false, isOwnProof: true, hasSecondFactor: false };
    requireGrantable({ ...rights, scopes: null, session: inPerson }, role, 'roleId');
    return true;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'forbidden' || error.code === 'validation'))
      return false;
    throw error;
  }
}

function areEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
