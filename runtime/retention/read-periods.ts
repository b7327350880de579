import { type RetentionKindName, retentionKinds } from '#core/retention.js';
import type { Transaction } from '#db/client.js';
import { retentionPeriods } from '#db/schema/index.js';
import type { Configuration } from '../configuration.js';

export interface RetentionPeriod {
  days: number;
  /** Not chosen by the organization. */
  isDefault: boolean;
}

/** How long the organization of the transaction keeps what, in days. */
export async function readPeriods(
  transaction: Transaction,
  { RUN_RETENTION_DAYS }: Pick<Configuration, 'RUN_RETENTION_DAYS'>,
): Promise<Record<RetentionKindName, RetentionPeriod>> {
  const rows = await transaction.select().from(retentionPeriods);
  const chosen = new Map(rows.map(({ kind, days }) => [kind, days]));
  const periodOf = (kind: RetentionKindName): RetentionPeriod => {
    const days = chosen.get(kind);
    const defaultDays = retentionKinds[kind].defaultDays ?? RUN_RETENTION_DAYS;
    return { days: days ?? defaultDays, isDefault: days === undefined };
  };
  return {
    runs: periodOf('runs'),
    deliveries: periodOf('deliveries'),
    mails: periodOf('mails'),
    exports: periodOf('exports'),
  };
}
