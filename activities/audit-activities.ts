import { Context } from '@temporalio/activity';
import { exportPart } from '#runtime/audit/export/export-part.js';
import { keepAudit } from '#runtime/audit/keep-audit.js';
import type { Services } from '#runtime/services.js';
import { toFailure } from './failure.js';

export interface AuditActivities {
  /** Writes the next part of an export of the audit log, and tells whether there is more. */
  writeExportPart(request: { orgId: string; id: string }): Promise<{ hasMore: boolean }>;
  /** Archives and tidies the audit logs of some organizations, those after one of them. `last` is null at the end. */
  keepAudit(request: { after: string | null }): Promise<{ last: string | null }>;
}

/** The activities of the workflows that keep audit logs and export them. */
export function createAuditActivities(services: Services): AuditActivities {
  return {
    async writeExportPart({ orgId, id }) {
      try {
        return await exportPart(services, orgId, id);
      } catch (error) {
        throw toFailure(error, false);
      }
    },
    async keepAudit({ after }) {
      const context = Context.current();
      const onBatch = () => {
        context.heartbeat();
        context.cancellationSignal.throwIfAborted();
      };
      try {
        return { last: await keepAudit(services, after, { now: new Date(), onBatch }) };
      } catch (error) {
        context.cancellationSignal.throwIfAborted();
        throw toFailure(error, false);
      }
    },
  };
}
