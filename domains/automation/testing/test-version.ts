import { and, eq, lt, min } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { automationVersions } from '#db/schema/index.js';

/** The number of the next version that is made to test a draft: they count down from -1. The automation must be locked. */
export async function nextTestVersion(db: Transaction, automationId: string): Promise<number> {
  const [row] = await db
    .select({ newest: min(automationVersions.version) })
    .from(automationVersions)
    .where(and(eq(automationVersions.automationId, automationId), lt(automationVersions.version, 0)));
  return (row?.newest ?? 0) - 1;
}
