import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { ErasureCounts, ErasurePart, ErasurePlace, ErasureReference } from '#core/privacy.js';
import { dataExports, erasures } from '#db/schema/index.js';
import type { Services } from '../../services.js';
import { exportFolder } from '../exports/export-keys.js';
import type { ErasedPerson } from '../stores/data-store.js';
import { eraseAccount } from '../stores/postgres-store.js';
import { keepTombstone } from '../tombstones/stored-tombstones.js';
import { hashOfErased } from '../tombstones/tombstone.js';

type ErasureServices = Pick<Services, 'database' | 'dataStores' | 'vault' | 'storage' | 'logger'>;

/** How long one call goes on, so that what it did is noted before long. */
const longestMs = 20_000;

const Marks = z.object({ email: z.string(), name: z.string().nullable() });

export interface PortionDone {
  count: number;
  next: ErasurePlace;
}

/**
 * Erases the person from some pages of a part. `next` is where to go on, null at its end. Doing it again changes nothing.
 * `onPage` is called after each page, and may throw.
 */
export async function erasePortion(
  services: ErasureServices,
  reference: ErasureReference,
  part: ErasurePart,
  after: ErasurePlace,
  onPage: () => void,
): Promise<PortionDone> {
  const person = await readPerson(services, reference);
  const from = { orgId: reference.orgId, part: part.part };
  const store = storeOf(services, part);
  const done = await goThrough((place) => store.erase(from, person, place), after, onPage);
  if (done.count > 0) await addCount(services, reference, part, done.count);
  return done;
}

/** Counts what is left of the person in some pages of a part. */
export async function searchPortion(
  services: ErasureServices,
  reference: ErasureReference,
  part: ErasurePart,
  after: ErasurePlace,
  onPage: () => void,
): Promise<PortionDone> {
  const person = await readPerson(services, reference);
  const from = { orgId: reference.orgId, part: part.part };
  const store = storeOf(services, part);
  return goThrough((place) => store.search(from, person, place), after, onPage);
}

/**
 * Ends a round. Where nothing was found, the erasure is finished: what was searched for is forgotten, and the account goes
 * if no organization holds the person any more. Else it stays as it is, to be gone through again, or is `incomplete` if
 * that was the last time. Returns whether it is finished.
 */
export async function endRound(
  services: ErasureServices,
  { orgId, erasureId }: ErasureReference,
  leftovers: ErasureCounts,
  isLast: boolean,
): Promise<boolean> {
  await deleteArchives(services, orgId);
  const isClean = Object.keys(leftovers).length === 0;
  // Before it is noted: a process that ends in between does this part again.
  if (isClean) await leaveTombstone(services, { orgId, erasureId });
  return services.database.withOrg(orgId, async (transaction) => {
    const [row] = await transaction
      .update(erasures)
      .set({
        leftovers,
        rounds: sql`${erasures.rounds} + 1`,
        ...(isClean && { status: 'finished', marks: null, finishedAt: sql`now()` }),
        ...(!isClean && isLast && { status: 'incomplete', finishedAt: sql`now()` }),
      })
      .where(and(eq(erasures.id, erasureId), eq(erasures.status, 'running')))
      .returning({ subjectId: erasures.subjectId });
    // A second attempt: the first has done all of it.
    if (!row) return true;
    if (isClean) await eraseAccount(transaction, row.subjectId);
    else services.logger.warn({ orgId, erasureId, leftovers }, 'An erasure has left something');
    return isClean;
  });
}

async function leaveTombstone(
  { database, storage, vault }: ErasureServices,
  { orgId, erasureId }: ErasureReference,
): Promise<void> {
  const [row] = await database.withOrg(orgId, (transaction) =>
    transaction.select().from(erasures).where(eq(erasures.id, erasureId)),
  );
  if (row?.status !== 'running') return;
  const { subjectId, accountErasureId, includesName, emailHash } = row;
  const userHash = hashOfErased(vault, orgId, subjectId);
  const erasedAt = new Date().toISOString();
  const whose = { orgId, erasureId, accountErasureId, includesName, userHash, emailHash };
  await keepTombstone(storage, { kind: 'person', ...whose, erasedAt });
}

async function goThrough(
  work: (after: ErasurePlace) => Promise<PortionDone>,
  after: ErasurePlace,
  onPage: () => void,
): Promise<PortionDone> {
  const startedAt = performance.now();
  let done: PortionDone = { count: 0, next: after };
  do {
    const page = await work(done.next);
    done = { count: done.count + page.count, next: page.next };
    onPage();
  } while (done.next !== null && performance.now() - startedAt < longestMs);
  return done;
}

/** Who is erased, by what is sealed for the time of it. Throws `conflict` if the erasure is not going on. */
async function readPerson(
  { database, vault }: ErasureServices,
  { orgId, erasureId }: ErasureReference,
): Promise<ErasedPerson> {
  const [row] = await database.withOrg(orgId, (transaction) =>
    transaction.select().from(erasures).where(eq(erasures.id, erasureId)),
  );
  if (row?.status !== 'running' || row.marks === null) {
    throw new AppError('conflict', 'The erasure is not going on');
  }
  return { userId: row.subjectId, marks: Marks.parse(vault.open({ orgId, rowId: erasureId }, row.marks)) };
}

async function addCount(
  { database }: ErasureServices,
  { orgId, erasureId }: ErasureReference,
  { store, part }: ErasurePart,
  count: number,
): Promise<void> {
  const name = `${store}.${part}`;
  const { counts } = erasures;
  const sum = sql`coalesce((${counts}->>${name}::text)::integer, 0) + ${count}::integer`;
  await database.withOrg(orgId, (transaction) =>
    transaction
      .update(erasures)
      .set({ counts: sql`${counts} || jsonb_build_object(${name}::text, ${sum})` })
      .where(eq(erasures.id, erasureId)),
  );
}

/** The bytes of archives that were given up. None is made while somebody is erased. */
async function deleteArchives({ database, storage }: ErasureServices, orgId: string): Promise<void> {
  const rows = await database.withOrg(orgId, (transaction) =>
    transaction.select({ id: dataExports.id, status: dataExports.status }).from(dataExports),
  );
  for (const { id, status } of rows) {
    if (status === 'finished') continue;
    const folder = exportFolder({ orgId, exportId: id });
    await storage.removeAll(folder);
  }
}

function storeOf({ dataStores }: ErasureServices, { store: wanted }: ErasurePart) {
  const store = dataStores.find(({ name }) => name === wanted);
  if (!store) throw new AppError('internal', `There is no store ${wanted}`);
  return store;
}
