import { and, eq, isNotNull } from 'drizzle-orm';
import { runs } from '#db/schema/index.js';
import { hubTopic } from '#runtime/hub/hub.js';
import type { BuilderApp } from '../builders/builder-app.js';
import { deliver, deliverTogether } from '../builders/deliver.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { buildTaskAutomation } from './limited-automation.js';

export interface Fairness {
  /** From the delivery to the announced end of a run, where nobody else is at work (median). */
  idleMs: number;
  /** The same, one after the other, while another organization has runs queued. */
  loadedMs: number[];
  /** How many of those had not ended by then. */
  left: number;
}

const idleSamples = 15;
const loadedSamples = 15;

/** Times single runs (webhook → a task) of an organization beside those of another. Needs a worker. */
export async function measureFairness(app: BuilderApp, queued: number): Promise<Fairness> {
  const [busy, single] = [await buildTaskAutomation(app, {}), await buildTaskAutomation(app, {})];
  const idle: number[] = [];
  for (let count = 0; count < idleSamples; count += 1) idle.push(await timedRun(app, single));
  const idleMs = medianOf(idle);

  const bodies = Array.from({ length: queued }, (_, index) => ({ title: `order ${index}` }));
  await deliverTogether(app, busy, bodies);
  await eventually('the other organization is at work', async () =>
    (await countEnded(app, busy)) > 0 ? true : undefined,
  );
  const loadedMs: number[] = [];
  for (let count = 0; count < loadedSamples; count += 1) loadedMs.push(await timedRun(app, single));
  const left = queued - (await countEnded(app, busy));
  await eventually(
    'all have ended',
    async () => ((await countEnded(app, busy)) === queued ? true : undefined),
    120_000,
  );
  await finishedRuns(app, single.caller, single.id, idleSamples + loadedSamples);
  return { idleMs, loadedMs, left };
}

type Automation = Awaited<ReturnType<typeof buildTaskAutomation>>;

/** Milliseconds from a delivery until readers are told that its run has ended. */
async function timedRun(app: BuilderApp, automation: Automation): Promise<number> {
  const ended = new Promise<void>((resolve) => {
    const stop = app.services.hub.subscribe(hubTopic.runs(automation.orgId), ({ type }) => {
      if (type !== 'runs') return;
      stop();
      resolve();
    });
  });
  const began = performance.now();
  await deliver(app, automation, { title: 'single' });
  await ended;
  return performance.now() - began;
}

async function countEnded({ services }: BuilderApp, { orgId, id }: Automation): Promise<number> {
  return services.database.withOrg(orgId, (db) =>
    db.$count(runs, and(eq(runs.automationId, id), isNotNull(runs.finishedAt))),
  );
}

/** The one in the middle. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
