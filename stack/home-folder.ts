import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from './start-error.js';
import { firstClosedFolder } from './traversable.js';

/**
 * Where the stack keeps its data: `chosen` (WORKSYNAPSE_HOME), else <project>/.data. For root, whose PostgreSQL runs as
 * another user, a project in a closed folder (/root) gets a folder of its own under /var/lib instead.
 */
export function chooseHome(chosen: string | undefined, project: string): string {
  if (chosen) return resolve(chosen);
  if (!isRoot() || firstClosedFolder(project) === undefined) return join(project, '.data');
  const suffix = createHash('sha256').update(project).digest('hex').slice(0, 8);
  return `/var/lib/worksynapse-${suffix}`;
}

/**
 * Makes the data folder and its `logs` and proves that they can be written.
 * Throws StartError when they cannot.
 */
export function prepareHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true });
    mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 });
    const probe = join(home, `.write-check-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    // Root's PostgreSQL is another user and passes through the folder; what is secret in it has a mode of its own.
    chmodSync(home, isRoot() ? 0o711 : 0o700);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new StartError(
      `The data folder ${home} cannot be written${reason}; set WORKSYNAPSE_HOME to a folder that can.`,
    );
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
