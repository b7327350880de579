import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from '../builders/builder-app.js';
import { eventually } from '../eventually.js';

const Export = z.object({ id: z.uuid(), status: z.string() });

/** An export that was asked for and is finished. Returns its id. */
export async function finishedExport(app: BuilderApp, caller: Caller, input: object): Promise<string> {
  const { id } = Export.parse(await app.perform(caller, 'exports.create', input));
  const { status } = await eventually('the export is over', async () => {
    const found = Export.parse(await app.perform(caller, 'exports.get', { id }));
    return found.status === 'queued' || found.status === 'running' ? undefined : found;
  });
  assert.equal(status, 'finished');
  return id;
}
