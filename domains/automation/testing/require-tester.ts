import { and, eq, lt } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import type { Actor } from '#runtime/caller.js';

/**
 * Throws `forbidden` where a run tests a draft for somebody else: it acts with that person's rights, who has let nobody
 * use them by testing. What is published has been given to everybody who may run it.
 */
export async function requireTester(db: Transaction, { userId }: Actor, runId: string): Promise<void> {
  const [version] = await db
    .select({ tester: automationVersions.publishedBy })
    .from(runs)
    .innerJoin(automationVersions, versionOfRun)
    .where(and(eq(runs.id, runId), lt(runs.automationVersion, 0)));
  if (!version || version.tester === userId) return;
  throw new AppError(
    'forbidden',
    'Only the person who tested the draft may repeat a test run; test it yourself',
  );
}
