import { readFileSync, statSync } from 'node:fs';

/** Read by anybody on the machine. */
const readableByOthers = 0o004;

/**
 * The keys in a file, in the form of ENCRYPTION_KEYS; one a line or separated by commas. Throws an Error that says what is
 * wrong with the file and shows nothing of it.
 */
export function readKeyFile(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new Error('is not there, or no file');
  if ((stats.mode & readableByOthers) !== 0)
    throw new Error('can be read by everybody on this machine: chmod o-r');
  return readFileSync(path, 'utf8')
    .split(/[\n,]/)
    .flatMap((entry) => entry.trim() || [])
    .join(',');
}
