import { migrate, migrationsFolder } from '#db/migrate.js';
import { projectRoot } from '#runtime/project-root.js';
import type { Stack } from '#stack/stack.js';
import { startStack } from '#stack/start-stack.js';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { onTestsEnd } from './closing.js';

/** A stack of real services with an empty, migrated database of its own; stopped when the tests end. */
export async function openTestStack(
  services: readonly ('postgres' | 'temporal' | 'chroma')[],
): Promise<Stack> {
  const home = temporaryFolder();
  const stack = await startStack({
    home: home.path,
    log: () => {},
    services: new Set(services),
    prepareDatabase: ({ ownerUrl, databaseUrl }) =>
      migrate({ ownerUrl, appUrl: databaseUrl, folder: migrationsFolder(projectRoot) }),
  });
  onTestsEnd(async () => {
    await stack.stop();
    home.remove();
  });
  return stack;
}
