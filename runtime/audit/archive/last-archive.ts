import { desc, eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditArchives } from '#db/schema/index.js';

/** The newest archive of an organization; undefined where nothing has been archived. */
export async function lastArchive(db: Transaction, orgId: string) {
  const archives = db.select().from(auditArchives).where(eq(auditArchives.orgId, orgId));
  const [archive] = await archives.orderBy(desc(auditArchives.lastPosition)).limit(1);
  return archive;
}
