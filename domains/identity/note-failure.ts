import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.js';
import type { RequestOrigin } from '#runtime/request-origin.js';

/** Keeps a failed try in the person's history. For somebody who does not exist it does the same work. */
export async function noteFailure(
  database: Database,
  userId: string,
  { outcome, origin }: { outcome: 'password' | 'second_factor'; origin: RequestOrigin },
): Promise<void> {
  await database.withUser(userId, (transaction) =>
    transaction.execute(sql`
      INSERT INTO log_ins (user_id, outcome, methods, ip, network, user_agent)
      SELECT id, ${outcome}, '{}', ${origin.ip}, ${origin.network}, ${origin.userAgent}
      FROM users WHERE id = ${userId}`),
  );
}
