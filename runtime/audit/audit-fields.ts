import { and, eq } from 'drizzle-orm';
import { auditChain, auditDetails, auditLog } from '#db/schema/index.js';

/** Columns of an entry as people read it; the query must join the chain by `isItsPlace`. */
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
