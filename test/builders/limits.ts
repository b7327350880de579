import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from './builder-app.js';

const Held = z.looseObject({
  id: z.uuid(),
  status: z.string(),
  waitingFor: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
const Page = z.object({ items: z.array(Held) });

const Explanation = z.looseObject({ code: z.string(), message: z.string() });

/** Runs of an automation, oldest first, at most 200. */
export async function listRuns(app: BuilderApp, caller: Caller, automationId: string, filter: object = {}) {
  const request = { automationId, limit: 200, ...filter };
  return Page.parse(await app.perform(caller, 'runs.list', request)).items.reverse();
}

/** What a run is said to wait for. */
export async function explain(app: BuilderApp, caller: Caller, id: string) {
  return Explanation.parse(await app.perform(caller, 'runs.explain', { id }));
}

/** Milliseconds since 1970 of a moment that has to be there. */
export function momentMs(text: string | null | undefined): number {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) throw new Error(`Not a moment: ${text}`);
  return ms;
}

/** The most runs that were under way at one time. */
export function mostAtOnce(runs: readonly { startedAt: string | null; finishedAt: string | null }[]): number {
  const changes = runs
    .filter(({ startedAt }) => startedAt !== null)
    .flatMap(({ startedAt, finishedAt }) => [
      { at: momentMs(startedAt), by: 1 },
      { at: momentMs(finishedAt), by: -1 },
    ])
    // One that ends in the same millisecond as another begins was there before it.
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let count = 0;
  return Math.max(...changes.map(({ by }) => (count += by)));
}
