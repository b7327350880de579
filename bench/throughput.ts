import autocannon from 'autocannon';
import { and, count, eq, isNotNull } from 'drizzle-orm';
import { runs } from '#db/schema/index.js';
import { eventually } from '#test/eventually.js';
import { openOwner } from '#test/owner.js';
import { startBareWorker } from './bare-worker.js';
import { type Subject, webhookToSet, webhookToTask, webhookToThreeSets } from './subject.js';

export interface ThroughputResult {
  name: string;
  runsPerSecond: number;
  ratio: number;
  target: string;
  acceptedPerSecond: number;
  acceptP50Ms: number;
  acceptP99Ms: number;
  acceptTarget: string;
}

const usualConnections = 50;
const deliveries = 4_000;
const bareRuns = 1_500;

/** Runs finished per second behind a webhook under load, against one bare eager workflow a run. */
export async function measureThroughput(
  subject: Subject,
): Promise<{ bareRate: number; results: ThroughputResult[] }> {
  const set = await webhookToSet(subject);
  const task = await webhookToTask(subject);
  const three = await webhookToThreeSets(subject);
  for (const automation of [set, task, three]) await load(subject, automation, { amount: 500 });
  const bareRate = await measureBareRate(subject);
  await reuseLog(subject);
  const shapes = [
    { name: 'webhook → set', automation: set, target: '≥ 2.5 × bare' },
    { name: 'webhook → tasks.create', automation: task, target: '≥ 1.5 × bare' },
    {
      name: 'webhook → three sets, 200 connections',
      automation: three,
      target: '≥ 414 a second',
      connections: 200,
    },
  ];
  const results: ThroughputResult[] = [];
  for (const { name, automation, target, connections } of shapes) {
    const measured = await load(subject, automation, { amount: deliveries, connections });
    const acceptTarget = connections === undefined ? ' (target ≤ 100 ms)' : '';
    results.push({ name, target, acceptTarget, ratio: measured.runsPerSecond / bareRate, ...measured });
  }
  return { bareRate, results };
}

/**
 * A new server makes new files for its write-ahead log, and commits wait for that; one that has run for a while uses those
 * that it has again, from the next checkpoint on.
 */
async function reuseLog({ stack }: Subject): Promise<void> {
  const owner = openOwner(stack);
  await owner`CHECKPOINT`;
}

async function load(
  subject: Subject,
  automation: { id: string; webhookUrl: string },
  { amount, connections = usualConnections }: { amount: number; connections?: number | undefined },
) {
  const before = await countFinished(subject, automation.id);
  const began = performance.now();
  const result = await autocannon({
    url: automation.webhookUrl,
    method: 'POST',
    connections,
    amount,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', filling: 'x'.repeat(980) }),
  });
  const postedMs = performance.now() - began;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} deliveries were refused, ${result.errors} failed`);
  }
  await eventually(
    'every run has finished',
    async () => ((await countFinished(subject, automation.id)) - before >= amount ? true : undefined),
    180_000,
    // Counting them costs the server as much as several runs.
    250,
  );
  const elapsedMs = performance.now() - began;
  return {
    runsPerSecond: (amount / elapsedMs) * 1000,
    acceptedPerSecond: (amount / postedMs) * 1000,
    acceptP50Ms: result.latency.p50,
    acceptP99Ms: result.latency.p99,
  };
}

async function countFinished({ app, orgId }: Subject, automationId: string): Promise<number> {
  const [row] = await app.services.database.withOrg(orgId, (transaction) =>
    transaction
      .select({ finished: count() })
      .from(runs)
      .where(and(eq(runs.automationId, automationId), isNotNull(runs.finishedAt))),
  );
  return row?.finished ?? 0;
}

async function measureBareRate({ stack }: Subject): Promise<number> {
  const bare = await startBareWorker(stack.temporalAddress);
  await runMany(bare, 300);
  const began = performance.now();
  await runMany(bare, bareRuns);
  const rate = (bareRuns / (performance.now() - began)) * 1000;
  await bare.stop();
  return rate;
}

async function runMany(bare: Awaited<ReturnType<typeof startBareWorker>>, amount: number): Promise<void> {
  let left = amount;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await bare.run('bareEmpty', []);
    }
  };
  await Promise.all(Array.from({ length: usualConnections }, lane));
}
