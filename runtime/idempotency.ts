import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { ActionDescription } from '#core/action.js';
import type { PackedValue } from '#core/automation/packed-value.js';
import { canonicalJson } from '#core/canonical-json.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { idempotencyKeys } from '#db/schema/index.js';
import type { Caller } from './caller.js';
import { StoredValue } from './packing.js';

/** How long a connector call may be at work before another attempt of the same key may take over. */
const lockSeconds = 120;

/** A key within its caller: `user:<id>` and so on. */
export interface IdempotencySlot {
  orgId: string;
  principal: string;
  key: string;
}

/** What is known of a key: nothing, a first call whose end is unknown, or its result. */
export type EarlierCall =
  | { state: 'none' }
  | { state: 'unfinished' }
  | { state: 'finished'; output: PackedValue };

/** The slot of a caller's key. An automation's key is bound to the automation, not to the grant, which a new version changes. */
export function idempotencySlot(
  caller: Exclude<Caller, { kind: 'anonymous' }>,
  key: string,
): IdempotencySlot {
  const id = principalIdOf(caller);
  return { orgId: caller.orgId, principal: `${caller.kind}:${id}`, key };
}

function principalIdOf(caller: Exclude<Caller, { kind: 'anonymous' }>): string {
  if (caller.kind === 'user' || caller.kind === 'support') return caller.userId;
  if (caller.kind === 'api_key') return caller.keyId;
  if (caller.kind === 'agent') return caller.agentId;
  return caller.kind === 'scim' ? caller.tokenId : caller.automationId;
}

/**
 * Takes the key for the length of the transaction and tells what is known of it. A caller who can't wait gets
 * `conflict` while another call with the key is at work; an automation, whose attempts follow one another, waits.
 */
export async function lockKey(transaction: Transaction, slot: IdempotencySlot, mayWait: boolean) {
  const name = `${slot.orgId}/${slot.principal}/${slot.key}`;
  const [[lock], [row]] = await Promise.all([
    transaction.execute<{ taken: boolean }>(
      mayWait
        ? sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0)) IS NOT NULL AS taken`
        : sql`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS taken`,
    ),
    transaction
      .select({
        action: idempotencyKeys.action,
        inputHash: idempotencyKeys.inputHash,
        isFinished: idempotencyKeys.isFinished,
        output: idempotencyKeys.output,
        isLocked: sql<boolean>`coalesce(${idempotencyKeys.lockedUntil} > now(), false)`,
      })
      .from(idempotencyKeys)
      .where(placeOf(slot)),
  ]);
  if (!lock?.taken || (row?.isLocked && !mayWait)) {
    throw keyAtWork();
  }
  return row;
}

export type LockedKey = Awaited<ReturnType<typeof lockKey>>;

/** Compares an earlier call with this one. Throws `validation` if the key was used for something else. */
export function compareCalls(earlier: LockedKey, action: ActionDescription, input: unknown): EarlierCall {
  if (!earlier) return { state: 'none' };
  if (earlier.action !== action.name || earlier.inputHash !== hashInput(input)) {
    throw keyUsedOtherwise();
  }
  if (!earlier.isFinished) return { state: 'unfinished' };
  return { state: 'finished', output: StoredValue.parse(earlier.output) };
}

/** Notes that a connector call begins; it stays `unfinished` if the process dies. */
export async function beginCall(
  transaction: Transaction,
  slot: IdempotencySlot,
  action: ActionDescription,
  input: unknown,
): Promise<void> {
  const lockedUntil = sql`now() + make_interval(secs => ${lockSeconds})`;
  await transaction
    .insert(idempotencyKeys)
    .values({ ...slot, action: action.name, inputHash: hashInput(input), lockedUntil })
    .onConflictDoUpdate({
      target: [idempotencyKeys.orgId, idempotencyKeys.principal, idempotencyKeys.key],
      set: { lockedUntil },
    });
}

/** After a failed connector call: forget the key if it surely had no effect, else only release it for the next attempt. */
export async function releaseCall(
  transaction: Transaction,
  slot: IdempotencySlot,
  hadNoEffect: boolean,
): Promise<void> {
  if (hadNoEffect) await transaction.delete(idempotencyKeys).where(placeOf(slot));
  else await transaction.update(idempotencyKeys).set({ lockedUntil: null }).where(placeOf(slot));
}

/** The error of a second call while the first is at work. */
export function keyAtWork(): AppError {
  const message = 'A request with this idempotency key is still at work';
  return new AppError('conflict', message, { retryAfterMs: 1000 });
}

/** The error of a key that was used for something else. */
export function keyUsedOtherwise(): AppError {
  return new AppError('validation', 'This idempotency key was used before, for something else', {
    issues: [{ path: 'Idempotency-Key', message: 'was used with another action or other input' }],
  });
}

function placeOf(slot: IdempotencySlot) {
  return and(eq(idempotencyKeys.principal, slot.principal), eq(idempotencyKeys.key, slot.key));
}

/** SHA-256 of a parsed input, hex; what tells whether a key is used for the same thing again. */
export function hashInput(input: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(input ?? null))
    .digest('hex');
}
