import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json. Files that are read at run time (migrations, examples) are found from here, compiled or not. */
export const projectRoot = findUp(import.meta.dirname);

function findUp(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json was not found above the running code');
  return findUp(parent);
}
