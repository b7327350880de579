import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { roles, supportGrants } from '#db/schema/index.js';

export const grantStatuses = ['open', 'expired', 'revoked'] as const;

/** What an organization has granted to support. */
export const SupportGrant = z.object({
  id: z.uuid(),
  reason: z.string(),
  role: z.object({ id: z.uuid(), key: z.string() }).nullable().describe('What support may do; null: read'),
  status: z.enum(grantStatuses),
  grantedBy: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  revokedBy: z.uuid().nullable(),
  visits: z.int().describe('How often support has come in by it'),
});

export const grantStatus = sql<(typeof grantStatuses)[number]>`CASE
  WHEN ${supportGrants.revokedAt} IS NOT NULL THEN 'revoked'
  WHEN ${supportGrants.expiresAt} <= now() THEN 'expired' ELSE 'open' END`;

/** Columns of a grant; the query must left-join its role by `roleOfGrant`. */
export const grantFields = {
  id: supportGrants.id,
  reason: supportGrants.reason,
  role: { id: roles.id, key: roles.key },
  status: grantStatus,
  grantedBy: supportGrants.grantedBy,
  createdAt: supportGrants.createdAt,
  expiresAt: supportGrants.expiresAt,
  revokedAt: supportGrants.revokedAt,
  revokedBy: supportGrants.revokedBy,
  visits: sql<number>`(SELECT count(*)::integer FROM support_visits v
    WHERE v.org_id = ${supportGrants.orgId} AND v.grant_id = ${supportGrants.id})`,
};

export const roleOfGrant = and(eq(roles.orgId, supportGrants.orgId), eq(roles.id, supportGrants.roleId));
