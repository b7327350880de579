import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '#db/client.js';
import { publicCalls } from '#db/schema/index.js';
import { hashInput, keyAtWork, keyUsedOtherwise } from './idempotency.js';
import type { Vault } from './vault.js';

/** How long a call may be at work before another attempt of the same key may take over. */
const lockSeconds = 60;
/** Old rows that one call clears away. */
const clearedRows = 100;

/** What a call was: kept sealed, for the input's hash would tell a weak password, and the output holds a session. */
const KeptCall = z.object({
  action: z.string(),
  inputHash: z.string(),
  output: z.unknown(),
  cookies: z.array(
    z.tuple([
      z.enum(['session', 'device']),
      z.object({ value: z.string().nullable(), maxAgeSeconds: z.number() }),
    ]),
  ),
});

/** What a call gave: its output, and the cookies that it changed. */
export type PublicResult = Pick<z.infer<typeof KeptCall>, 'output' | 'cookies'>;

/** A call without a credential that came with a key. */
export interface PublicCall {
  /** Network and key. */
  slot: string;
  action: string;
  input: unknown;
}

/** The slot of a key that somebody from a network has chosen. */
export function publicSlot(network: string, key: string): string {
  return createHash('sha256').update(`${network}\n${key}`).digest('hex');
}

type Stores = { database: Database; vault: Vault };

/**
 * Takes the key for a call, or gives the result of the first one with it. Throws `conflict` while that is at work, and
 * `validation` if the key was used for something else. After a day a key is free again.
 */
export async function beginPublicCall(
  { database, vault }: Stores,
  { slot, action, input }: PublicCall,
): Promise<PublicResult | undefined> {
  const earlier = await inSlot(database, slot, async (transaction) => {
    await clearOld(transaction);
    const [taken] = await transaction
      .insert(publicCalls)
      .values({ slot, lockedUntil: lockEnd })
      .onConflictDoUpdate({
        target: publicCalls.slot,
        set: { lockedUntil: lockEnd, result: null, createdAt: sql`now()` },
        setWhere: sql`(${publicCalls.result} IS NULL AND ${publicCalls.lockedUntil} < now()) OR ${isOld}`,
      })
      .returning({ slot: publicCalls.slot });
    if (taken) return undefined;
    const [row] = await transaction
      .select({ result: publicCalls.result })
      .from(publicCalls)
      .where(eq(publicCalls.slot, slot));
    return row ?? { result: null };
  });
  if (!earlier) return undefined;
  if (earlier.result === null) throw keyAtWork();
  const kept = KeptCall.parse(vault.open(placeOfPublicCall(slot), earlier.result));
  if (kept.action !== action || kept.inputHash !== hashInput(input)) throw keyUsedOtherwise();
  return { output: kept.output, cookies: kept.cookies };
}

/** Keeps the result of a call under its key. */
export async function endPublicCall(
  { database, vault }: Stores,
  { slot, action, input }: PublicCall,
  given: PublicResult,
): Promise<void> {
  const kept: z.input<typeof KeptCall> = { action, inputHash: hashInput(input), ...given };
  const result = vault.seal(placeOfPublicCall(slot), kept);
  await inSlot(database, slot, (transaction) =>
    transaction.update(publicCalls).set({ result }).where(eq(publicCalls.slot, slot)),
  );
}

/** Forgets a call that failed, so that it can be tried again. */
export async function forgetPublicCall(database: Database, slot: string): Promise<void> {
  await inSlot(database, slot, (transaction) =>
    transaction.delete(publicCalls).where(eq(publicCalls.slot, slot)),
  );
}

/** Where a sealed call belongs. */
function placeOfPublicCall(slot: string) {
  return { orgId: 'public', rowId: slot };
}

const isOld = sql`${publicCalls.createdAt} < now() - interval '1 day'`;
const lockEnd = sql`now() + make_interval(secs => ${lockSeconds})`;

function inSlot<Result>(
  database: Database,
  slot: string,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return database.withoutOrg(async (transaction) => {
    await transaction.execute(sql`SELECT set_config('app.public_call', ${slot}, true)`);
    return work(transaction);
  });
}

async function clearOld(transaction: Transaction): Promise<void> {
  const old = transaction
    .select({ slot: publicCalls.slot })
    .from(publicCalls)
    .where(isOld)
    .limit(clearedRows)
    .for('update', { skipLocked: true });
  await transaction.delete(publicCalls).where(sql`${publicCalls.slot} IN ${old}`);
}
