import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { and, asc, eq, gt, lte } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditSeals } from '#db/schema/index.js';
import { readEntries } from '../verify/read-entries.js';

const pageSize = 1_000;

/** A stretch of the chain that begins behind one seal and ends with another. */
export interface Stretch {
  /** The last position before it. */
  after: number;
  through: number;
}

/**
 * Sealed entries as JSON lines, gzipped: `{kind: "seal"}` with what its hash covers, and `{kind: "entry"}` with position,
 * hash and all columns of the row, so that the hashes can be computed again. Details, which tell of people, are not in it.
 */
export async function archiveFile(db: Transaction, orgId: string, stretch: Stretch): Promise<Buffer> {
  const file = createGzip();
  const content = buffer(file);
  for (const seal of await sealsWithin(db, orgId, stretch)) {
    file.write(line({ kind: 'seal', ...seal }));
  }
  let { after } = stretch;
  while (after < stretch.through) {
    const range = { after, through: stretch.through, limit: pageSize };
    const entries = await readEntries(db, orgId, range);
    if (entries.length === 0) throw new Error(`The audit log of ${orgId} has a gap after ${after}`);
    for (const { position, hash, row } of entries) {
      file.write(line({ kind: 'entry', position, hash, row }));
      after = position;
    }
  }
  file.end();
  return content;
}

function sealsWithin(db: Transaction, orgId: string, { after, through }: Stretch) {
  const { lastPosition } = auditSeals;
  return db
    .select()
    .from(auditSeals)
    .where(and(eq(auditSeals.orgId, orgId), gt(lastPosition, after), lte(lastPosition, through)))
    .orderBy(asc(auditSeals.number));
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
