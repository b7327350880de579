import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, outgoingMails } from '#db/schema/index.js';
import type { QueueEntry } from './dispatch-batch.js';

/** A mail that this worker is to send; no other does so for `leaseSeconds`. */
export interface TakenMail {
  orgId: string;
  id: string;
  recipient: string;
  subject: string;
  /** Sealed. */
  body: string;
  /** Counts from 1. */
  attempt: number;
}

/** How long a mail may be in the hands of one worker. */
export const leaseSeconds = 60;
const firstPauseSeconds = 5;
const longestPauseSeconds = 900;
/** Where no mail can be sent, entries wait for a worker that can. */
const idlePauseSeconds = 60;

/**
 * Takes mails to be sent, `room` at most; undefined: this worker sends none. For each, an entry stays in the queue,
 * at growing intervals, so that a mail is sent again should the attempt fail or the worker die.
 */
export async function takeMails(
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
  room: number | undefined,
): Promise<TakenMail[]> {
  const ids = [...new Set(entries.map(({ sourceId }) => sourceId))];
  const rows = await transaction
    .select({
      id: outgoingMails.id,
      recipient: outgoingMails.recipient,
      subject: outgoingMails.subject,
      body: outgoingMails.body,
      attempts: outgoingMails.attempts,
      isBusy: sql<boolean>`coalesce(${outgoingMails.busyUntil} > now(), false)`,
    })
    .from(outgoingMails)
    .where(and(inArray(outgoingMails.id, ids), isNull(outgoingMails.sentAt), isNull(outgoingMails.failedAt)))
    .orderBy(outgoingMails.id)
    .for('no key update');
  const free = rows.filter(({ isBusy }) => !isBusy).slice(0, room ?? 0);
  const taken = free.flatMap(({ isBusy, body, attempts, ...row }) =>
    body === null ? [] : [{ orgId, ...row, body, attempt: attempts + 1 }],
  );
  const attemptOf = new Map(taken.map(({ id, attempt }) => [id, attempt]));
  if (rows.length > 0) {
    await transaction.insert(dispatchQueue).values(
      rows.map(({ id }, index) => {
        const pauseSeconds = pauseOf(attemptOf.get(id), room, index);
        const availableAt = sql`now() + make_interval(secs => ${pauseSeconds})`;
        return { orgId, kind: 'mail' as const, sourceId: id, availableAt };
      }),
    );
  }
  if (taken.length > 0) {
    await transaction
      .update(outgoingMails)
      .set({
        attempts: sql`${outgoingMails.attempts} + 1`,
        busyUntil: sql`now() + make_interval(secs => ${leaseSeconds})`,
      })
      .where(inArray(outgoingMails.id, [...attemptOf.keys()]));
  }
  return taken;
}

/** What became of an attempt: sent, given up, or to be tried again. */
export type MailOutcome = { kind: 'sent' } | { kind: 'failed' | 'again'; error: string };

/** Writes the outcome. A mail that needs no more sending loses its body: links in it are of no more use to anyone. */
export async function recordMail(
  transaction: Transaction,
  { id }: Pick<TakenMail, 'id'>,
  outcome: MailOutcome,
): Promise<void> {
  const now = new Date().toISOString();
  const end = { sent: { sentAt: now, body: null }, failed: { failedAt: now, body: null }, again: {} };
  const error = outcome.kind === 'sent' ? null : outcome.error;
  await transaction
    .update(outgoingMails)
    .set({ ...end[outcome.kind], busyUntil: null, error })
    .where(and(eq(outgoingMails.id, id), isNull(outgoingMails.sentAt)));
}

/** Mails that found no room come again a few at a time, so that a long row of them does not keep the queue busy. */
function pauseOf(attempt: number | undefined, room: number | undefined, index: number): number {
  if (attempt !== undefined) return Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (attempt - 1));
  return room === undefined ? idlePauseSeconds : 1 + Math.floor(index / 20);
}
