import { and, eq, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, erasures, members, organizations, users } from '#db/schema/index.js';
import type { Services } from '../../services.js';
import { readTombstone, tombstonesByOrganization } from './stored-tombstones.js';
import { isHashOfErased, type PersonTombstone } from './tombstone.js';

type TombstoneServices = Pick<Services, 'database' | 'storage' | 'vault' | 'logger'>;

/** What was found to be back, and will be erased again. */
export interface FoundAgain {
  people: number;
  organizations: number;
}

/** An erasure that has its tombstone is noted as finished a moment later; only much later it is one that was lost. */
const settlingMinutes = 60;

/**
 * Looks whether anybody, or any organization, whose erasure has ended is in the database again, because an older state of
 * it was restored, and has them erased once more, at once: people by an erasure of the same id, organizations as those
 * whose grace is over. Without a restored backup nothing is read but the list of tombstones. `onOrganization` is called
 * after each organization, and may throw.
 */
export async function eraseAgain(
  services: TombstoneServices,
  onOrganization: () => void = () => {},
): Promise<FoundAgain> {
  const found: FoundAgain = { people: 0, organizations: 0 };
  for (const [orgId, keys] of await tombstonesByOrganization(services.storage)) {
    const lost = await services.database.withOrg(orgId, (transaction) => lostOf(transaction, orgId, keys));
    for (const key of lost) {
      const tombstone = await readTombstone(services.storage, key);
      if (!tombstone) continue;
      const isBack = await services.database.withOrg(orgId, (transaction) =>
        tombstone.kind === 'organization'
          ? endGrace(transaction, orgId)
          : scheduleAgain(services, transaction, tombstone),
      );
      if (!isBack) continue;
      services.logger.warn({ orgId, tombstone: key }, 'What was erased is back, and is erased again');
      if (tombstone.kind === 'organization') found.organizations += 1;
      else found.people += 1;
    }
    onOrganization();
  }
  return found;
}

/** Those of an organization's tombstones of which the database does not know, if it knows the organization. */
async function lostOf(transaction: Transaction, orgId: string, keys: readonly string[]): Promise<string[]> {
  const [organization] = await transaction
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  if (!organization) return [];
  const known = await transaction
    .select({ id: erasures.id })
    .from(erasures)
    .where(
      and(
        eq(erasures.orgId, orgId),
        or(
          inArray(erasures.status, ['finished', 'scheduled', 'refused']),
          and(
            eq(erasures.status, 'running'),
            sql`${erasures.startedAt} > now() - make_interval(mins => ${settlingMinutes})`,
          ),
        ),
      ),
    );
  const names = new Set<string | undefined>(known.map(({ id }) => id));
  return keys.filter((key) => !names.has(key.split('/').at(-1)));
}

/** True if its grace was not over already. */
async function endGrace(transaction: Transaction, orgId: string): Promise<boolean> {
  const ended = await transaction
    .update(organizations)
    .set({ eraseAt: sql`now()` })
    .where(
      and(
        eq(organizations.id, orgId),
        or(isNull(organizations.eraseAt), sql`${organizations.eraseAt} > now()`),
      ),
    )
    .returning({ id: organizations.id });
  return ended.length > 0;
}

async function scheduleAgain(
  { vault }: TombstoneServices,
  transaction: Transaction,
  { orgId, erasureId, accountErasureId, includesName, userHash, emailHash, erasedAt }: PersonTombstone,
): Promise<boolean> {
  // Who joined after the erasure did so by their own will.
  const people = await transaction
    .select({ userId: members.userId, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.orgId, orgId), lt(members.createdAt, erasedAt)));
  const person = people.find(
    ({ userId, email }) =>
      isHashOfErased(vault, orgId, { hash: userHash, idOrEmail: userId }) ||
      isHashOfErased(vault, orgId, { hash: emailHash, idOrEmail: email }),
  );
  if (!person) return false;
  // One that has been asked for under another id does the same.
  const isTheirs = and(eq(erasures.orgId, orgId), eq(erasures.subjectId, person.userId));
  const [other] = await transaction
    .select({ id: erasures.id })
    .from(erasures)
    .where(and(isTheirs, inArray(erasures.status, ['scheduled', 'running']), ne(erasures.id, erasureId)));
  if (other) return false;
  const [scheduled] = await transaction
    .insert(erasures)
    .values({
      orgId,
      id: erasureId,
      subjectId: person.userId,
      requestedBy: person.userId,
      accountErasureId,
      includesName,
      dueAt: sql`now()`,
    })
    .onConflictDoUpdate({
      target: [erasures.orgId, erasures.id],
      set: { status: 'scheduled', dueAt: sql`now()`, finishedAt: null },
    })
    .returning({ id: erasures.id });
  if (!scheduled) return false;
  await transaction.insert(dispatchQueue).values({ orgId, kind: 'erasure', sourceId: erasureId });
  return true;
}
