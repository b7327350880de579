import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** A run that ended or rests, and whether another may take its place. */
export interface FreedPlace {
  runId: string;
  automationId: string;
  /** Null: it has none, and the place is one of the organization's. */
  line: string | null;
}

/** Has the dispatcher see who is next, once for each line. Returns how many entries joined its queue. */
export async function queueTurns(
  transaction: Transaction,
  orgId: string,
  freed: readonly FreedPlace[],
): Promise<number> {
  const byLine = new Map(
    freed.map(({ runId, automationId, line }) => [`${line && automationId} ${line}`, runId]),
  );
  if (byLine.size === 0) return 0;
  await transaction.execute(sql`
    INSERT INTO dispatch_queue (org_id, kind, source_id)
    SELECT ${orgId}::uuid, 'turn', id FROM unnest(${sql.param([...byLine.values()])}::uuid[]) AS id`);
  return byLine.size;
}
