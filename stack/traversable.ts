import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The folder at or above `path` that users other than its owner cannot enter; undefined when all are open. */
export function firstClosedFolder(path: string): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : firstClosedFolder(parent);
  if (above) return above;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() && (stat.mode & 0o001) === 0 ? path : undefined;
}
