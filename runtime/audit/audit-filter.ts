import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { auditLog } from '#db/schema/index.js';

/** Fields of a filter over audit entries, all optional. */
export const auditFilter = {
  principalId: z.uuid().optional().describe('Person, key or automation that acted'),
  onBehalfOf: z.uuid().optional().describe('The person whose rights counted'),
  action: z.string().max(200).optional().describe('tasks.create, or tasks.* for all of a kind'),
  targetId: z.string().max(200).optional(),
  runId: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).optional().describe('This moment or later'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before this moment'),
};

export const AuditFilter = z.object(auditFilter);

/** An entry's id is made by a clock of its own, which may differ from the server's by as much. */
const clockSlackMs = 3_600_000;

/** The condition that a filter means. Moments also bound the ids, which hold the time, so that the index is of use. */
export function matchesFilter(filter: z.output<typeof AuditFilter>) {
  const { principalId, onBehalfOf, action, targetId, runId, from, to } = filter;
  const kind = action?.endsWith('.*') ? action.slice(0, -1) : undefined;
  return and(
    principalId === undefined ? undefined : eq(auditLog.principalId, principalId),
    onBehalfOf === undefined ? undefined : eq(auditLog.onBehalfOf, onBehalfOf),
    action === undefined || kind !== undefined ? undefined : eq(auditLog.action, action),
    kind === undefined ? undefined : sql`starts_with(${auditLog.action}, ${kind})`,
    targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
    runId === undefined ? undefined : eq(auditLog.runId, runId),
    from === undefined
      ? undefined
      : sql`(${auditLog.at} >= ${from}::timestamptz AND ${auditLog.id} >= ${idAt(from, -clockSlackMs)}::uuid)`,
    to === undefined
      ? undefined
      : sql`(${auditLog.at} < ${to}::timestamptz AND ${auditLog.id} < ${idAt(to, clockSlackMs)}::uuid)`,
  );
}

/** The least time-ordered id (RFC 9562, version 7) of a moment. */
function idAt(moment: string, offsetMs: number): string {
  const ms = Math.min(Math.max(0, Date.parse(moment) + offsetMs), 0xffff_ffff_ffff);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
