import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.js';

const batchSize = 1_000;
/** So that what has gathered keeps nobody waiting; the rest goes with the next call. */
const maxBatches = 100;

/** Deletes what people's histories of sign-ins hold beyond a year (`logInDays`), also of those who come no more. */
export async function forgetLogIns(database: Database, onBatch: () => void): Promise<void> {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const [row] = await database.withoutOrg((transaction) =>
      transaction.execute<{ count: number }>(sql`SELECT forget_log_ins(${batchSize}) AS count`),
    );
    onBatch();
    if ((row?.count ?? 0) < batchSize) return;
  }
}
