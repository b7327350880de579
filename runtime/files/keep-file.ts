import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { storedObjects } from '#db/schema/index.js';

/** Hours within which it is not noted anew that the same content came again. */
export const hoursBetweenNotes = 1;

export interface FileRow {
  orgId: string;
  sha256: string;
  size: number;
  contentType: string;
}

/**
 * Writes the row of a file whose bytes were put just now, or notes that they came again. `mentions` are addresses that
 * its content may name. Where the bytes are about to be removed, or were, `putBytes` puts them once more, under the lock
 * of the row: what was put before may have been removed after it.
 */
export async function keepFile(
  db: Transaction,
  file: FileRow,
  mentions: readonly string[],
  putBytes: () => Promise<void>,
): Promise<void> {
  const named = sql`ARRAY(SELECT sha256 FROM stored_objects WHERE sha256 = ANY(${sql.param(mentions)}::text[]))`;
  const naming = mentions.length > 0 ? { mentions: named } : {};
  const written = await db
    .insert(storedObjects)
    .values({ ...file, ...naming })
    .onConflictDoNothing()
    .returning({ sha256: storedObjects.sha256 });
  if (written.length > 0) return;
  const isFile = and(eq(storedObjects.orgId, file.orgId), eq(storedObjects.sha256, file.sha256));
  const [known] = await db
    .select({
      isMarked: sql<boolean>`${storedObjects.unusedSince} IS NOT NULL`,
      isNoted: sql<boolean>`${storedObjects.lastPutAt} > now() - make_interval(hours => ${hoursBetweenNotes})`,
    })
    .from(storedObjects)
    .where(isFile);
  // Its row went at this moment.
  if (!known) return keepFile(db, file, mentions, putBytes);
  if (known.isMarked) {
    await db.select({ sha256: storedObjects.sha256 }).from(storedObjects).where(isFile).for('update');
    await putBytes();
    const again = { lastPutAt: sql`now()`, unusedSince: null, removedAt: null, ...naming };
    const kept = await db.update(storedObjects).set(again).where(isFile).returning();
    if (kept.length === 0) return keepFile(db, file, mentions, putBytes);
  } else if (!known.isNoted) {
    // Whoever holds the row is noting the same. To wait for them could end in waiting for each other.
    const free = db
      .select({ sha256: storedObjects.sha256 })
      .from(storedObjects)
      .where(isFile)
      .for('update', { skipLocked: true });
    await db
      .update(storedObjects)
      .set({ lastPutAt: sql`now()` })
      .where(and(isFile, sql`${storedObjects.sha256} IN (${free})`));
  }
}
