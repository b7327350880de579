import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ErasurePart, ErasureReference } from '#core/privacy.js';
import type { Transaction } from '#db/client.js';
import { dataExports, erasures, members, users } from '#db/schema/index.js';
import { isLastOwner } from '../../membership/lock-people.js';
import type { Services } from '../../services.js';
import type { Marks } from '../marks.js';
import { shortestName } from '../marks.js';
import { hashOfErased } from '../tombstones/tombstone.js';

type ErasureServices = Pick<Services, 'database' | 'dataStores' | 'vault'>;

/**
 * Begins an erasure whose time of grace is over: from here on the person has no access to the organization, and nobody in
 * it sees their account. Archives that hold them are given up. Returns all parts of all stores; null if there is
 * nothing to do: it was cancelled, or the person is the last owner, and it is refused.
 */
export async function beginErasure(
  services: ErasureServices,
  { orgId, erasureId }: ErasureReference,
): Promise<readonly ErasurePart[] | null> {
  const isRunning = await services.database.withOrg(orgId, async (transaction) => {
    const [row] = await transaction
      .select({ erasure: erasures, isDue: sql<boolean>`${erasures.dueAt} <= now()` })
      .from(erasures)
      .where(eq(erasures.id, erasureId))
      .for('update');
    if (row?.erasure.status === 'running') return true;
    if (row?.erasure.status !== 'scheduled' || !row.isDue) return false;
    const { subjectId, includesName, marks } = row.erasure;
    if (await isLastOwner(transaction, orgId, subjectId)) {
      await change(transaction, erasureId, { status: 'refused', finishedAt: sql`now()` });
      return false;
    }
    await giveUpArchives(transaction);
    if (marks === null) {
      const found = await readMarks(transaction, subjectId, includesName);
      await change(transaction, erasureId, {
        marks: services.vault.seal({ orgId, rowId: erasureId }, found),
        emailHash: hashOfErased(services.vault, orgId, found.email),
      });
    }
    await transaction.update(members).set({ status: 'erased' }).where(eq(members.userId, subjectId));
    await change(transaction, erasureId, { status: 'running', startedAt: sql`now()`, leftovers: null });
    return true;
  });
  if (!isRunning) return null;
  const parts: ErasurePart[] = [];
  for (const store of services.dataStores) {
    for (const part of await store.erasedParts(orgId)) parts.push({ store: store.name, part });
  }
  return parts;
}

/** Name and address, from the account. It is read as the person themselves, whom the organization may not see any more. */
async function readMarks(transaction: Transaction, userId: string, includesName: boolean): Promise<Marks> {
  await transaction.execute(sql`SELECT set_config('app.user_id', ${userId}, true)`);
  const [person] = await transaction
    .select({ email: users.email, name: users.name })
    .from(users)
    .where(eq(users.id, userId));
  if (!person) throw new Error('A person who is to be erased has no account');
  const name = includesName && person.name.length >= shortestName ? person.name : null;
  return { email: person.email.toLowerCase(), name };
}

/** Those that are there, and those that are being made. Their bytes are deleted at the end of the erasure. */
async function giveUpArchives(transaction: Transaction): Promise<void> {
  await transaction
    .update(dataExports)
    .set({ status: 'expired', expiresAt: sql`now()` })
    .where(eq(dataExports.status, 'finished'));
  await transaction
    .update(dataExports)
    .set({
      status: 'failed',
      finishedAt: sql`now()`,
      error: { code: 'conflict', message: 'Somebody was erased meanwhile' },
    })
    .where(inArray(dataExports.status, ['queued', 'running']));
}

type Changes = Parameters<ReturnType<Transaction['update']>['set']>[0];

async function change(transaction: Transaction, erasureId: string, changes: Changes): Promise<void> {
  await transaction
    .update(erasures)
    .set(changes)
    .where(and(eq(erasures.id, erasureId)));
}
