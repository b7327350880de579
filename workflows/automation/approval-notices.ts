import type { ApprovalNotice } from '#core/automation/approval.js';
import type { PlanNode } from '#core/automation/plan.js';

/** What is told of an approval that nobody has decided, and how long after it was asked for. */
export interface PlannedNotice {
  afterMs: number;
  notice: ApprovalNotice;
}

/** The same at its moment, in milliseconds since 1970. */
export interface DueNotice {
  at: number;
  notice: ApprovalNotice;
}

/** The moments of what is told of an approval that was asked for at one. */
export function noticesFrom(askedAt: number, planned: readonly PlannedNotice[]): DueNotice[] {
  return planned.map(({ afterMs, notice }) => ({ at: askedAt + afterMs, notice }));
}

/** Reminders and the escalation of an approval, in the order of time: those that come before its timeout. */
export function approvalNotices({
  reminders,
  escalation,
  timeoutMs = Number.POSITIVE_INFINITY,
}: Pick<Extract<PlanNode, { type: 'approval' }>, 'reminders' | 'escalation' | 'timeoutMs'>): PlannedNotice[] {
  const planned: PlannedNotice[] = [];
  if (escalation) {
    planned.push({ afterMs: escalation.afterMs, notice: { kind: 'escalation', to: escalation.to } });
  }
  for (let number = 1; reminders && number <= reminders.max; number += 1) {
    planned.push({ afterMs: number * reminders.everyMs, notice: { kind: 'reminder', number } });
  }
  return planned.filter(({ afterMs }) => afterMs < timeoutMs).sort((a, b) => a.afterMs - b.afterMs);
}
