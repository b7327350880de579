import { createHash } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { Database, Transaction } from '#db/client.js';
import { storedObjects } from '#db/schema/index.js';
import type { Configuration } from '../configuration.js';
import { requireQuota } from '../quotas/require-quota.js';
import { addressesIn } from './addresses.js';
import { createFolderStorage } from './folder-storage.js';
import { keepFile } from './keep-file.js';
import type { ObjectStorage } from './object-storage.js';
import { createS3Storage } from './s3-storage.js';

/** Makes the file store of an organization; within a transaction of that organization where one is given. */
export type Files = (orgId: string, transaction?: Transaction) => OrganizationFiles;

export interface OrganizationFiles extends FileStore {
  /**
   * The same files, whatever the quota says: for what the engine must be able to write down, and for what was let in
   * before.
   */
  withoutQuota: FileStore;
  /** Removes a file that nothing else refers to. One that is not there is no error. */
  remove(sha256: string): Promise<void>;
}

/**
 * The organization's files by content address. Bytes first, then the row: a row never points at nothing, unless it says
 * that they were removed. What no row names any more goes again, after a time (runtime/retention/sweep-files.ts). Code that
 * holds a transaction hands it over, so that no call waits for a second connection of the pool.
 */
export function createFiles(database: Database, storage: ObjectStorage): Files {
  return (orgId, transaction) => {
    const within = <Result>(work: (transaction: Transaction) => Promise<Result>) =>
      transaction ? work(transaction) : database.withOrg(orgId, work);
    const requireRoom = (bytes: number) =>
      within((db) => requireQuota(db, orgId, { name: 'storage', wanted: bytes }));
    const withoutQuota: FileStore = {
      async put(content, contentType) {
        const sha256 = addressOf(content);
        const size = content.byteLength;
        const putBytes = () => storage.put(`${orgId}/${sha256}`, content, contentType);
        await putBytes();
        const mentions = contentType === 'application/json' ? addressesIn(content) : [];
        await within((db) => keepFile(db, { orgId, sha256, size, contentType }, mentions, putBytes));
        return { sha256, size, contentType };
      },
      async get(sha256) {
        const [row] = await within((db) =>
          db.select().from(storedObjects).where(eq(storedObjects.sha256, sha256)),
        );
        const content = row && (await storage.get(`${orgId}/${row.sha256}`));
        if (!content) throw new AppError('not_found', 'There is no such file');
        return content;
      },
      requireRoom,
    };
    return {
      ...withoutQuota,
      withoutQuota,
      async put(content, contentType) {
        const isThere = await within((db) => hasFile(db, orgId, addressOf(content)));
        if (!isThere) await requireRoom(content.byteLength);
        return withoutQuota.put(content, contentType);
      },
      async remove(sha256) {
        // The row first: it must not point at nothing.
        await within((db) => db.delete(storedObjects).where(eq(storedObjects.sha256, sha256)));
        await storage.remove(`${orgId}/${sha256}`);
      },
    };
  };
}

function addressOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function hasFile(db: Transaction, orgId: string, sha256: string): Promise<boolean> {
  const isKept = and(
    eq(storedObjects.orgId, orgId),
    eq(storedObjects.sha256, sha256),
    isNull(storedObjects.removedAt),
  );
  const [row] = await db.select({ sha256: storedObjects.sha256 }).from(storedObjects).where(isKept);
  return row !== undefined;
}

/** The storage that the configuration names. Throws if it names none. */
export function openStorage(configuration: Configuration): ObjectStorage {
  const { S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, FILES_FOLDER } = configuration;
  if (S3_ENDPOINT && S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY) {
    return createS3Storage({
      endpoint: S3_ENDPOINT,
      region: configuration.S3_REGION,
      bucket: configuration.S3_BUCKET,
      accessKeyId: S3_ACCESS_KEY_ID,
      secretAccessKey: S3_SECRET_ACCESS_KEY,
    });
  }
  if (FILES_FOLDER) return createFolderStorage(FILES_FOLDER);
  throw new Error('Set FILES_FOLDER, or S3_ENDPOINT with S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.');
}
