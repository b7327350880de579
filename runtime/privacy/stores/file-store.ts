import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Database } from '#db/client.js';
import { storedObjects } from '#db/schema/index.js';
import type { ObjectStorage } from '../../files/object-storage.js';
import { removeAbandoned } from '../../files/remove-abandoned.js';
import { erasedText, expressionOf } from '../marks.js';
import type { DataStore, Place } from './data-store.js';

const pageSize = 50;

/** Types whose content is text in UTF-8. */
const isText = /^(text\/|application\/(json|xml|javascript|x-ndjson|csv))|[+](json|xml)\b/;

interface StoredFile {
  sha256: string;
  contentType: string;
}

/** Files and large payloads. An archive of the organization holds them as they are. */
export function createFileStore(database: Database, storage: ObjectStorage): DataStore {
  const pageOf = (orgId: string, after: Place): Promise<StoredFile[]> =>
    database.withOrg(orgId, (transaction) =>
      transaction
        .select({ sha256: storedObjects.sha256, contentType: storedObjects.contentType })
        .from(storedObjects)
        .where(and(eq(storedObjects.orgId, orgId), gt(storedObjects.sha256, String(after?.sha256 ?? ''))))
        .orderBy(asc(storedObjects.sha256))
        .limit(pageSize),
    );
  const nextOf = (page: readonly StoredFile[]): Place =>
    page.length < pageSize ? null : { sha256: page.at(-1)?.sha256 };

  return {
    name: 'files',
    holds: 'Attachments and large payloads, in a folder or a bucket.',
    exportedParts: async () => [],
    read: async () => ({ rows: [], next: null }),
    leftOut: (subject) =>
      subject.kind === 'organization'
        ? []
        : [{ what: 'files', reason: 'Files belong to the organization; nothing says whose they are.' }],
    erasedParts: async () => ['stored_objects'],
    async erase({ orgId }, { marks }, after) {
      if (after === null) await removeAbandoned(storage, orgId);
      const page = await pageOf(orgId, after);
      let count = 0;
      for (const file of page) {
        const key = `${orgId}/${file.sha256}`;
        const masked = maskContent(await storage.get(key), file.contentType, expressionOf(marks));
        if (!masked) continue;
        // It keeps its address, so that what refers to it still does. Bytes first: a second attempt finds nothing to do.
        await storage.put(key, masked, file.contentType);
        await database.withOrg(orgId, (transaction) =>
          transaction
            .update(storedObjects)
            .set({ maskedAt: sql`now()`, size: masked.byteLength })
            .where(and(eq(storedObjects.orgId, orgId), eq(storedObjects.sha256, file.sha256))),
        );
        count += 1;
      }
      return { count, next: nextOf(page) };
    },
    async search({ orgId }, { marks }, after) {
      const page = await pageOf(orgId, after);
      const keys = page.map(({ sha256 }) => `${orgId}/${sha256}`);
      // Of a write that has not ended nobody knows yet whether it will be a file, or is left for good.
      if (after === null) for await (const { key } of storage.listUnfinished(orgId)) keys.push(key);
      let count = 0;
      for (const key of keys) {
        const content = await storage.get(key);
        if (content && expressionOf(marks).test(textOf(content))) count += 1;
      }
      return { count, next: nextOf(page) };
    },
  };
}

/** The content without the marks; undefined if there are none in it. What is no text can't be masked and becomes empty. */
function maskContent(
  content: Uint8Array | undefined,
  contentType: string,
  expression: RegExp,
): Uint8Array | undefined {
  if (!content) return undefined;
  const text = textOf(content);
  const masked = text.replace(expression, erasedText);
  if (masked === text) return undefined;
  return isText.test(contentType) ? Buffer.from(masked) : new Uint8Array();
}

const textOf = (content: Uint8Array) =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
