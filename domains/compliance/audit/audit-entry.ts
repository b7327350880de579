import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { auditChain, auditDetails, auditLog } from '#db/schema/index.js';

/** An entry of the audit log as it is listed. */
export const AuditEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  principalKind: z.string().describe('user, api_key, automation or agent'),
  principalId: z.uuid(),
  onBehalfOf: z.uuid().nullable().describe('The person whose rights counted'),
  sessionId: z.uuid().nullable(),
  action: z.string(),
  targetId: z.string().nullable().describe('What was acted on'),
  requestId: z.string().nullable(),
  runId: z.uuid().nullable(),
  via: z.string().nullable().describe('A way in other than signing in'),
  position: z.int().nullable().describe('In the chain; null for the seconds before it is sealed'),
});

/** Columns that AuditEntry shows; the query must join the chain by `isItsPlace`. */
export const auditFields = {
  id: auditLog.id,
  at: auditLog.at,
  principalKind: auditLog.principalKind,
  principalId: auditLog.principalId,
  onBehalfOf: auditLog.onBehalfOf,
  sessionId: auditLog.sessionId,
  action: auditLog.action,
  targetId: auditLog.targetId,
  requestId: auditLog.requestId,
  runId: auditLog.runId,
  via: auditLog.via,
  position: auditChain.position,
};

export const isItsPlace = and(eq(auditChain.orgId, auditLog.orgId), eq(auditChain.auditId, auditLog.id));
export const areItsDetails = and(
  eq(auditDetails.orgId, auditLog.orgId),
  eq(auditDetails.auditId, auditLog.id),
);
