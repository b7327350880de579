import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';

/** Where recorded histories are kept, one `<shape>.history.json` each. */
export const historiesFolder = join(projectRoot, 'test', 'history', 'histories');

const ending = '.history.json';

export interface RecordedHistory {
  shape: string;
  /** Temporal's JSON form of a history, payloads in the clear. */
  text: string;
}

/** Path of the recorded history of a shape. */
export function historyPath(shape: string): string {
  return join(historiesFolder, `${shape}${ending}`);
}

/** Every history that is kept, by name. */
export async function readRecordedHistories(): Promise<RecordedHistory[]> {
  const files = (await readdir(historiesFolder)).filter((file) => file.endsWith(ending)).sort();
  return Promise.all(
    files.map(async (file) => ({
      shape: file.slice(0, -ending.length),
      text: await readFile(join(historiesFolder, file), 'utf8'),
    })),
  );
}
