import { and, eq, lte, sql } from 'drizzle-orm';
import { dataExports } from '#db/schema/index.js';
import { exportFolder } from '../privacy/exports/export-keys.js';
import type { Services } from '../services.js';

/** Deletes the archives of an organization's exports whose time is over. */
export async function deleteArchives(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  orgId: string,
): Promise<void> {
  const expired = await database.withOrg(orgId, (transaction) =>
    transaction
      .select({ id: dataExports.id })
      .from(dataExports)
      .where(and(eq(dataExports.status, 'finished'), lte(dataExports.expiresAt, sql`now()`))),
  );
  for (const { id } of expired) {
    // Bytes first: what is marked as expired is not looked at again.
    await storage.removeAll(exportFolder({ orgId, exportId: id }));
    await database.withOrg(orgId, (transaction) =>
      transaction.update(dataExports).set({ status: 'expired' }).where(eq(dataExports.id, id)),
    );
  }
}
