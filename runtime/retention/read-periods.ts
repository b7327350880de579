import type { Plan } from '#core/flags.js';
import { type RetentionKindName, retentionKinds } from '#core/retention.js';
import type { Transaction } from '#db/client.js';
import { organizations, retentionPeriods } from '#db/schema/index.js';
import type { Configuration } from '../configuration.js';

export interface RetentionPeriod {
  days: number;
  /** Not chosen by the organization. */
  isDefault: boolean;
  /** What the plan allows. */
  max: number;
}

export interface RetentionPeriods {
  plan: Plan;
  periods: Record<RetentionKindName, RetentionPeriod>;
}

/** How long the organization of the transaction keeps what, in days: never longer than its plan allows. */
export async function readPeriods(
  transaction: Transaction,
  { RUN_RETENTION_DAYS }: Pick<Configuration, 'RUN_RETENTION_DAYS'>,
): Promise<RetentionPeriods> {
  const [rows, [organization]] = await Promise.all([
    transaction.select().from(retentionPeriods),
    transaction.select({ plan: organizations.plan }).from(organizations),
  ]);
  const plan = organization?.plan ?? 'free';
  const chosen = new Map(rows.map(({ kind, days }) => [kind, days]));
  const periodOf = (kind: RetentionKindName): RetentionPeriod => {
    const days = chosen.get(kind);
    const { default: defaults, max } = retentionKinds[kind];
    const wanted = days ?? defaults?.[plan] ?? RUN_RETENTION_DAYS;
    return { days: Math.min(wanted, max[plan]), isDefault: days === undefined, max: max[plan] };
  };
  const periods = {
    runs: periodOf('runs'),
    deliveries: periodOf('deliveries'),
    files: periodOf('files'),
    mails: periodOf('mails'),
    exports: periodOf('exports'),
    security_events: periodOf('security_events'),
    ai_calls: periodOf('ai_calls'),
    agent_runs: periodOf('agent_runs'),
    audit: periodOf('audit'),
    audit_archives: periodOf('audit_archives'),
  };
  return { plan, periods };
}
