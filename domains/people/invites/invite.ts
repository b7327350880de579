import { eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { invites, roles } from '#db/schema/index.js';

export const inviteStatuses = ['open', 'used', 'revoked', 'expired'] as const;

/** An invite as it is listed: never its token or code, never their hash. */
export const Invite = z.object({
  id: z.uuid(),
  kind: z.enum(['mail', 'code']),
  email: z.string().nullable().describe('For whom it is; null: for whoever has the code'),
  hint: z.string().describe('First characters of a code, to recognise it'),
  status: z.enum(inviteStatuses),
  role: z.object({ key: z.string(), name: z.string() }),
  departmentId: z.uuid().nullable(),
  uses: z.int(),
  maxUses: z.int(),
  invitedBy: z.uuid(),
  createdAt: z.string(),
  expiresAt: z.string(),
});

export const inviteStatus: SQL<(typeof inviteStatuses)[number]> = sql`CASE
  WHEN ${invites.uses} >= ${invites.maxUses} THEN 'used'
  WHEN ${invites.revokedAt} IS NOT NULL THEN 'revoked'
  WHEN ${invites.expiresAt} <= now() THEN 'expired' ELSE 'open' END`;

/** Columns that Invite shows, of invites joined with roles. */
export const inviteFields = {
  id: invites.id,
  kind: invites.kind,
  email: invites.email,
  hint: invites.hint,
  status: inviteStatus,
  role: { key: roles.key, name: roles.name },
  departmentId: invites.departmentId,
  uses: invites.uses,
  maxUses: invites.maxUses,
  invitedBy: invites.invitedBy,
  createdAt: invites.createdAt,
  expiresAt: invites.expiresAt,
};

export const roleOfInvite: SQL = sql`${eq(roles.orgId, invites.orgId)} AND ${eq(roles.id, invites.roleId)}`;

/** What every invite is made with. */
export const inviteTerms = {
  roleId: z.uuid().describe('Within your own permissions'),
  departmentId: z.uuid().optional(),
  expiresInDays: z.int().min(1).max(30).default(7),
};
