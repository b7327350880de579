import { and, eq, sql } from 'drizzle-orm';
import type { RunChange } from '#core/automation/run.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, dispatchQueue, failureNotices, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import { type MailServices, sendsMail, writeMails } from '../mail/write-mails.js';
import { failureMails } from './failure-mail.js';

/** With `every`: the owner gets one mail in this time at most. */
const digestMinutes = 15;
const oneDigest = sql.raw(`interval '${digestMinutes} minutes'`);

interface Failed {
  runId: string;
  automationId: string;
  version: number;
  failedAt: string;
  code: string;
  policy: 'first' | 'every' | 'none';
  /** With `first`: it seems to be one. Looked at again when it is written. */
  seemsFirst: boolean;
}

/**
 * Tells the owner of an automation by mail that runs of it failed, as its `failureNotice` says, in the transaction that
 * records the failure. Of many at once one is told, whoever records them. Returns how much joined the dispatcher's queue.
 */
export async function writeFailureNotice(
  services: MailServices,
  transaction: Transaction,
  orgId: string,
  changes: readonly RunChange[],
): Promise<{ queued: number }> {
  const [first] = changes;
  if (!first || !sendsMail(services)) return { queued: 0 };
  const failed = await readFailed(transaction, first.runId);
  if (!failed || failed.policy === 'none') return { queued: 0 };
  const isTold =
    failed.policy === 'first'
      ? failed.seemsFirst && (await noteFirst(transaction, orgId, failed))
      : await noteOneOfMany(transaction, orgId, failed, changes);
  if (!isTold) return { queued: 0 };
  const { automationId, runId } = failed;
  const mails = await failureMails(transaction, runId, {
    key: `${automationId}:${runId}:${failed.failedAt}`,
    more: 0,
  });
  return writeMails(services, transaction, orgId, mails);
}

/** Tells of the failures that were counted since the last mail; the dispatcher calls it when that is due. */
export async function writeFailureDigest(
  services: MailServices,
  transaction: Transaction,
  orgId: string,
  automationId: string,
): Promise<void> {
  const [due] = await transaction
    .select({
      runId: failureNotices.runId,
      more: failureNotices.more,
      toldAt: failureNotices.toldAt,
    })
    .from(failureNotices)
    .where(eq(failureNotices.automationId, automationId))
    .for('no key update');
  if (!due || due.more === 0) return;
  await transaction
    .update(failureNotices)
    .set({ more: 0, digestAt: null, toldAt: sql`now()` })
    .where(eq(failureNotices.automationId, automationId));
  const mails = await failureMails(transaction, due.runId, {
    key: `${automationId}:after:${due.toldAt}`,
    more: due.more - 1,
  });
  await writeMails(services, transaction, orgId, mails);
}

/** A success that counts as one since the failure that was told. */
const successSince = sql`EXISTS (
  SELECT FROM runs success WHERE success.org_id = failure_notices.org_id
    AND success.automation_id = failure_notices.automation_id
    AND success.status = 'succeeded' AND NOT success.is_test AND success.finished_at > failure_notices.failed_at)`;

async function readFailed(transaction: Transaction, runId: string): Promise<Failed | undefined> {
  const code = sql<string>`coalesce(${runs.error} ->> 'code', 'internal')`;
  const [row] = await transaction
    .select({
      runId: runs.id,
      automationId: runs.automationId,
      version: runs.automationVersion,
      failedAt: sql<string>`coalesce(${runs.finishedAt}, now())::text`,
      code,
      policy: sql<Failed['policy']>`coalesce(${automationVersions.plan} ->> 'failureNotice', 'first')`,
      seemsFirst: sql<boolean>`${failureNotices.automationId} IS NULL
        OR ${failureNotices.version} < ${runs.automationVersion}
        OR (${code} = 'forbidden' AND ${failureNotices.code} <> 'forbidden')
        OR ${successSince}`,
    })
    .from(runs)
    .innerJoin(automationVersions, versionOfRun)
    .leftJoin(failureNotices, eq(failureNotices.automationId, runs.automationId))
    .where(and(eq(runs.id, runId), eq(runs.isTest, false)));
  return row;
}

/** True for the one who is first to note it: after a success, in a new version, or since the automation may no longer act. */
async function noteFirst(transaction: Transaction, orgId: string, failed: Failed): Promise<boolean> {
  const { automationId, version, runId, code, failedAt } = failed;
  const noted = await transaction.execute(sql`
    INSERT INTO failure_notices (org_id, automation_id, version, run_id, code, failed_at, told_at)
    VALUES (${orgId}::uuid, ${automationId}::uuid, ${version}, ${runId}::uuid, ${code}, ${failedAt}::timestamptz, now())
    ON CONFLICT (org_id, automation_id) DO UPDATE SET
      version = excluded.version, run_id = excluded.run_id, code = excluded.code,
      failed_at = excluded.failed_at, told_at = excluded.told_at
    WHERE failure_notices.version < excluded.version
      OR (excluded.code = 'forbidden' AND failure_notices.code <> 'forbidden')
      OR ${successSince}
    RETURNING 1`);
  return noted.length > 0;
}

/** True if it is to be told now; else it is counted, and told together with others when the next mail is due. */
async function noteOneOfMany(
  transaction: Transaction,
  orgId: string,
  failed: Failed,
  changes: readonly RunChange[],
): Promise<boolean> {
  const { automationId, version, code, failedAt } = failed;
  const count = changes.length;
  const runId = changes.at(-1)?.runId ?? failed.runId;
  const isDue = sql`failure_notices.digest_at IS NULL AND failure_notices.told_at <= now() - ${oneDigest}`;
  const [noted] = await transaction.execute<{ is_told: boolean; more: number; digest_at: string | null }>(sql`
    INSERT INTO failure_notices (org_id, automation_id, version, run_id, code, failed_at, told_at, more, digest_at)
    VALUES (${orgId}::uuid, ${automationId}::uuid, ${version}, ${runId}::uuid, ${code}, ${failedAt}::timestamptz, now(),
      ${count - 1}::integer, CASE WHEN ${count}::integer > 1 THEN now() + ${oneDigest} END)
    ON CONFLICT (org_id, automation_id) DO UPDATE SET
      version = excluded.version, run_id = excluded.run_id, code = excluded.code, failed_at = excluded.failed_at,
      told_at = CASE WHEN ${isDue} THEN now() ELSE failure_notices.told_at END,
      more = CASE WHEN ${isDue} THEN excluded.more ELSE failure_notices.more + ${count}::integer END,
      digest_at = CASE WHEN ${isDue} THEN excluded.digest_at
        ELSE coalesce(failure_notices.digest_at, failure_notices.told_at + ${oneDigest}) END
    RETURNING told_at = now() AS is_told, more, digest_at::text AS digest_at`);
  if (!noted) throw new Error('A failure was not noted');
  const { is_told: isTold, more, digest_at: availableAt } = noted;
  const isFirstCounted = isTold ? more > 0 : more === count;
  if (isFirstCounted && availableAt !== null) {
    const entry = { orgId, kind: 'failure_digest' as const, sourceId: automationId, availableAt };
    await transaction.insert(dispatchQueue).values(entry);
  }
  return isTold;
}
