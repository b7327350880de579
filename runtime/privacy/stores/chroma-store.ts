import { ChromaClient, type Collection } from 'chromadb';
import { expressionOf } from '../marks.js';
import type { DataStore, ErasedPerson, PartOfStore, Place } from './data-store.js';

const pageSize = 200;
const callTimeoutMs = 30_000;

/** Metadata that every vector has: whose it is. */
export const tenantKey = 'org_id';

/**
 * Vectors with their texts. Whatever is written to Chroma names its organization in the metadata `org_id`; each
 * collection is a part. A text that names an erased person goes with its vector, which was made of it.
 */
export function createChromaStore(url: string): DataStore {
  const { hostname, port, protocol } = new URL(url);
  const ssl = protocol === 'https:';
  const clientNow = () =>
    new ChromaClient({
      host: hostname,
      port: Number(port) || (ssl ? 443 : 8000),
      ssl,
      fetchOptions: { signal: AbortSignal.timeout(callTimeoutMs) },
    });
  const collectionNames = async () => {
    const names: string[] = [];
    for (;;) {
      const page = await clientNow().listCollections({ limit: pageSize, offset: names.length });
      names.push(...page.map(({ name }) => name));
      if (page.length < pageSize) return names.sort();
    }
  };

  async function pageOf({ orgId, part }: PartOfStore, after: Place) {
    const collection = await find(clientNow(), part);
    const offset = Number(after?.offset ?? 0);
    const found = await collection?.get({
      where: { [tenantKey]: orgId },
      include: ['documents', 'metadatas', 'uris'],
      limit: pageSize,
      offset,
    });
    const records = (found?.rows() ?? []).map(({ id, document, metadata, uri }) => ({
      id,
      document: document ?? null,
      metadata: metadata ?? null,
      uri: uri ?? null,
    }));
    return { collection, records, offset };
  }

  async function findMarked(from: PartOfStore, { marks }: ErasedPerson, after: Place) {
    const page = await pageOf(from, after);
    const ids = page.records
      .filter((record) => expressionOf(marks).test(JSON.stringify(record)))
      .map(({ id }) => id);
    return { ...page, ids };
  }

  return {
    name: 'chroma',
    holds: 'Vectors with the texts of which they were made.',
    exportedParts: async (_orgId, subject) => (subject.kind === 'organization' ? collectionNames() : []),
    leftOut: (subject) =>
      subject.kind === 'organization'
        ? [{ what: 'chroma.embeddings', reason: 'Vectors are made of the texts, which are there.' }]
        : [{ what: 'chroma', reason: 'Texts belong to the organization; nothing says whose they are.' }],
    async read(from, _subject, after) {
      const { records, offset } = await pageOf(from, after);
      const next = records.length < pageSize ? null : { offset: offset + records.length };
      return { rows: records.map((record) => JSON.stringify(record)), next };
    },
    erasedParts: collectionNames,
    async erase(from, person, after) {
      const { collection, records, ids, offset } = await findMarked(from, person, after);
      if (ids.length > 0) await collection?.delete({ ids });
      // What was deleted makes the rest move up.
      const next = records.length < pageSize ? null : { offset: offset + records.length - ids.length };
      return { count: ids.length, next };
    },
    async search(from, person, after) {
      const { records, ids, offset } = await findMarked(from, person, after);
      return {
        count: ids.length,
        next: records.length < pageSize ? null : { offset: offset + records.length },
      };
    },
  };
}

/** Without its embedding function, which is of no use here. */
async function find(client: ChromaClient, name: string): Promise<Collection | undefined> {
  const page = await client.listCollections({ limit: 10_000 });
  return page.find((collection) => collection.name === name);
}
