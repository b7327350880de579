import type { Database } from '#db/client.js';
import type { Configuration } from './configuration.js';
import type { ObjectStorage } from './files/object-storage.js';
import { createChromaStore } from './privacy/stores/chroma-store.js';
import { type DataStore, storeWithout } from './privacy/stores/data-store.js';
import { createFileStore } from './privacy/stores/file-store.js';
import { createPostgresStore } from './privacy/stores/postgres-store.js';

/**
 * Every place where data of organizations is kept. Exports and erasures go through all of them: a store that is not on
 * this list would be forgotten by both.
 */
export function createDataStores(
  { CHROMA_URL }: Pick<Configuration, 'CHROMA_URL'>,
  database: Database,
  storage: ObjectStorage,
): readonly DataStore[] {
  return [
    createPostgresStore(database),
    createFileStore(database, storage),
    CHROMA_URL === undefined
      ? storeWithout('chroma', 'It is not in use here.')
      : createChromaStore(CHROMA_URL),
    storeWithout(
      'redis',
      'Nothing stays in it: it passes on that something has changed, and what agents say, for ten minutes.',
    ),
    storeWithout(
      'temporal',
      'Histories of runs are encrypted, are read by workers only, and end with the retention of the namespace.',
    ),
  ];
}
