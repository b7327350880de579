import { and, eq, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { auditLog, securityEvents } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

/** Entries whose details one call erases. */
const maxRows = 5_000;

/**
 * Erases what the audit log tells of a person beyond ids: the details of what they did, and of what was done to them.
 * There is no way back, since that is what erasing means; the entries stay, and the chain holds.
 */
export const eraseAudit = defineAction({
  name: 'audit.erase',
  title: 'Erase audit details of a person',
  description:
    'Removes values, addresses and programs from the audit entries that a person made or was the target of, and from their security events. The entries stay, and say that they were erased. It can not be undone. Call it until isComplete.',
  permission: 'audit:erase',
  effect: 'destroy',
  http: { method: 'post', path: '/audit/erase' },
  input: z.strictObject({ personId: z.uuid().describe('Id of the user') }),
  output: z.object({ erased: z.int(), isComplete: z.boolean() }),
  async run({ db, actor, audit }: DomainContext, { personId }) {
    const isTheirs = or(
      eq(auditLog.onBehalfOf, personId),
      eq(auditLog.principalId, personId),
      eq(auditLog.targetId, personId),
    );
    const rows = await db.execute(sql`
      UPDATE audit_details SET salt = NULL, content = NULL, erased_at = now()
      WHERE (org_id, audit_id) IN (
        SELECT audit_log.org_id, audit_log.id FROM audit_log
        JOIN audit_details details ON details.org_id = audit_log.org_id AND details.audit_id = audit_log.id
        WHERE audit_log.org_id = ${actor.orgId} AND details.erased_at IS NULL AND ${isTheirs}
        LIMIT ${maxRows})
      RETURNING 1`);
    await db
      .update(securityEvents)
      .set({ ip: null, userAgent: null })
      .where(and(eq(securityEvents.orgId, actor.orgId), eq(securityEvents.userId, personId)));
    audit({ after: { personId, erased: rows.length } });
    return { erased: rows.length, isComplete: rows.length < maxRows };
  },
});
