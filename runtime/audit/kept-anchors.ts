import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { auditSeals } from '#db/schema/index.js';
import type { ObjectStorage } from '../files/object-storage.js';
import type { Services } from '../services.js';
import type { Anchor } from './verify/check-seals.js';

const KeptAnchor = z.object({ seal: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Where the anchors of an organization's log are: outside of the database, by day. */
export function anchorFolder(orgId: string): string {
  return `anchors/${orgId}`;
}

/**
 * Keeps the newest seal of a log beside the database, as the anchor of the day: the last of a chain can be taken away
 * without a trace in the chain. An anchor is never replaced by that of an earlier seal. Throws if the log ends before the
 * newest anchor.
 */
export async function keepAnchor(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  orgId: string,
  now: Date,
): Promise<void> {
  const [seal] = await database.withOrg(orgId, (db) =>
    db
      .select({ number: auditSeals.number, hash: auditSeals.hash })
      .from(auditSeals)
      .where(eq(auditSeals.orgId, orgId))
      .orderBy(desc(auditSeals.number))
      .limit(1),
  );
  const kept = await newestAnchor(storage, orgId);
  if (kept && kept.seal > (seal?.number ?? 0)) {
    throw new Error(`The audit log ends before seal ${kept.seal}, which was kept as an anchor`);
  }
  if (!seal || kept?.seal === seal.number) return;
  const key = `${anchorFolder(orgId)}/${now.toISOString().slice(0, 10)}`;
  const anchor: Anchor = { seal: seal.number, hash: seal.hash };
  await storage.put(key, Buffer.from(JSON.stringify(anchor)), 'application/json');
}

/** The anchor of the last day that has one. Throws for what is none. */
export async function newestAnchor(storage: ObjectStorage, orgId: string): Promise<Anchor | undefined> {
  let newest: string | undefined;
  for await (const key of storage.list(anchorFolder(orgId))) {
    const isOfDay = /^\d{4}-\d\d-\d\d$/.test(key.slice(anchorFolder(orgId).length + 1));
    if (isOfDay && (newest === undefined || key > newest)) newest = key;
  }
  const content = newest === undefined ? undefined : await storage.get(newest);
  return content && KeptAnchor.parse(JSON.parse(Buffer.from(content).toString('utf8')));
}
