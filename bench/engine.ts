import { setTimeout as delay } from 'node:timers/promises';
import { and, count, eq, isNotNull, min } from 'drizzle-orm';
import { compileAutomation } from '#core/automation/compile.js';
import { AutomationDefinition } from '#core/automation/definition.js';
import { runs } from '#db/schema/index.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { buildAutomation, chain } from '#test/builders/build-automation.js';
import { eventually } from '#test/eventually.js';
import { type RunningWorker, startWorker } from '#workers/worker.js';
import { type BareWorker, startBareWorker } from './bare-worker.js';
import { summarize, timed } from './statistics.js';
import { type Subject, startRun } from './subject.js';

/** One figure, and where there is one what a bare workflow takes for the like. */
export interface EngineResult {
  name: string;
  value: number;
  unit: 'ms' | 'runs/s' | '×';
  bare?: number;
  target?: string;
}

const set = (id: string, values: object) => ({ id, type: 'set', input: { values } });

/** What the engine takes for the shapes that users build. API and worker are this process. */
export async function measureEngine(subject: Subject): Promise<EngineResult[]> {
  const worker = await startWorker(subject.app);
  const bare = await startBareWorker(subject.stack.temporalAddress);
  const results = [
    compileCost(),
    await pureSteps(subject),
    await manySteps(subject, bare),
    await parallelActions(subject, bare),
    ...(await loops(subject)),
  ];
  await bare.stop();
  await stop(worker);
  results.push(await drain(subject));
  return results;
}

async function stop(worker: RunningWorker): Promise<void> {
  worker.stop();
  await worker.finished;
}

/** The compiler on a chain of 500 nodes, each of which reads the one before. */
function compileCost(): EngineResult {
  const nodes = Array.from({ length: 500 }, (_, index) =>
    set(`n${index}`, { value: index === 0 ? 1 : `{{ steps.n${index - 1}.output.value + 1 }}` }),
  );
  const definition = AutomationDefinition.parse(chain({ type: 'manual' }, nodes));
  const context = {
    actions: new Map(),
    triggers: new Map(),
    events: new Map(),
    connections: new Map(),
    mayUse: () => true,
    nowMs: Date.now(),
  };
  const samples = Array.from({ length: 12 }, () => {
    const began = performance.now();
    compileAutomation(definition, context);
    return performance.now() - began;
  });
  return { name: 'compile 500 nodes', value: summarize(samples.slice(2)).p50, unit: 'ms', target: '≤ 50 ms' };
}

async function pureSteps(subject: Subject): Promise<EngineResult> {
  const nodes = [
    set('one', { value: '{{ trigger.number + 1 }}' }),
    set('two', { value: '{{ steps.one.output.value * 2 }}' }),
    set('three', { value: '{{ steps.two.output.value - 1 }}' }),
  ];
  const id = await build(subject, chain({ type: 'manual' }, nodes));
  const amount = 200;
  const once = (total: number) =>
    timed(async () => {
      await Promise.all(Array.from({ length: amount }, (_, number) => startRun(subject, id, { number })));
      await finished(subject, id, total);
    });
  await once(amount);
  const ms = await once(2 * amount);
  return {
    name: 'three pure steps, 200 runs at once',
    value: (amount / ms) * 1000,
    unit: 'runs/s',
    target: '≥ 414',
  };
}

async function manySteps(subject: Subject, bare: BareWorker): Promise<EngineResult> {
  const nodes = Array.from({ length: 40 }, (_, index) =>
    set(`n${index}`, { value: index === 0 ? 1 : `{{ steps.n${index - 1}.output.value + 1 }}` }),
  );
  const id = await build(subject, chain({ type: 'manual' }, nodes));
  const value = await median(20, () => oneRun(subject, id));
  return {
    name: '40 light steps in one run',
    value,
    unit: 'ms',
    bare: await median(20, () => timed(() => bare.run('bareEmpty', []))),
  };
}

async function parallelActions(subject: Subject, bare: BareWorker): Promise<EngineResult> {
  const nodes = Array.from({ length: 256 }, (_, index) => ({
    id: `t${index}`,
    type: 'action',
    action: 'tasks.create',
    input: { projectId: subject.projectId, title: `Task ${index}` },
  }));
  const edges = nodes.map(({ id }) => ({ source: 'trigger', target: id }));
  const id = await build(subject, { name: 'Parallel', trigger: { type: 'manual' }, nodes, edges });
  return {
    name: '256 parallel actions in one run',
    value: await median(5, () => oneRun(subject, id)),
    unit: 'ms',
    bare: await median(5, () => timed(() => bare.run('bareParallel', [256]))),
  };
}

async function loops(subject: Subject): Promise<EngineResult[]> {
  const loop = { id: 'each', type: 'loop', input: { items: '{{ trigger.items }}' } };
  const id = await build(subject, {
    name: 'Loop',
    trigger: { type: 'manual' },
    nodes: [loop, set('double', { value: '{{ item * 2 }}' })],
    edges: [
      { source: 'trigger', target: 'each' },
      { source: 'each', sourceHandle: 'body', target: 'double' },
    ],
  });
  const items = (length: number) => ({ items: Array.from({ length }, (_, index) => index) });
  const value = await median(7, () => oneRun(subject, id, items(1_000)));
  const small = await peakMemory(() => oneRun(subject, id, items(1_000)));
  const large = await peakMemory(() => oneRun(subject, id, items(10_000)));
  return [
    { name: 'a loop of 1,000 set items', value, unit: 'ms', target: '≤ 140 ms' },
    {
      name: 'memory with 10,000 items to memory with 1,000',
      value: large / small,
      unit: '×',
      target: '≤ 1.2',
    },
  ];
}

/** Bytes that the process takes at most while `work` goes on. */
async function peakMemory(work: () => Promise<unknown>): Promise<number> {
  let peak = process.memoryUsage.rss();
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  await work();
  clearInterval(watching);
  return peak;
}

/** 10,000 runs that wait when the worker comes: the last thousand's rate to the first thousand's. */
async function drain(subject: Subject): Promise<EngineResult> {
  const amount = 10_000;
  const id = await build(subject, chain({ type: 'manual' }, [set('one', { value: '{{ trigger.number }}' })]));
  for (let from = 0; from < amount; from += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => startRun(subject, id, { number: from + index })),
    );
  }
  const worker = await startWorker(subject.app);
  await finished(subject, id, amount);
  const times = await subject.app.services.database.withOrg(subject.orgId, (transaction) =>
    transaction
      .select({ at: min(runs.finishedAt) })
      .from(runs)
      .where(eq(runs.automationId, id))
      .groupBy(runs.id)
      .orderBy(min(runs.finishedAt)),
  );
  await stop(worker);
  const at = (index: number) => Date.parse(times.at(index)?.at ?? '');
  const first = at(1_000) - at(0);
  const last = at(-1) - at(-1_001);
  return {
    name: '10,000 queued runs: time of the last thousand to that of the first',
    value: last / first,
    unit: '×',
    target: '≤ 1.2',
  };
}

async function build({ app, caller }: Subject, definition: object): Promise<string> {
  return (await buildAutomation(app, caller, definition)).id;
}

async function oneRun(subject: Subject, automationId: string, input: object = {}): Promise<number> {
  const before = await countFinished(subject, automationId);
  return timed(async () => {
    await startRun(subject, automationId, input);
    await finished(subject, automationId, before + 1);
  });
}

async function median(samples: number, sample: () => Promise<number>): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < samples + 2; index += 1) {
    const ms = await sample();
    if (index >= 2) taken.push(ms);
  }
  return summarize(taken).p50;
}

/** Looks when readers are told of a run, and not more often than a user's page would: looking takes time too. */
async function finished(subject: Subject, automationId: string, amount: number): Promise<void> {
  const { hub } = subject.app.services;
  let wake: () => void = () => {};
  const stop = hub.subscribe(hubTopic.runs(subject.orgId), () => wake());
  const look = async () => {
    const told = new Promise<void>((resolve) => (wake = resolve));
    const left = amount - (await countFinished(subject, automationId));
    if (left <= 0) return true;
    // Few are left: each counts. Many: the next look comes later.
    await (left > 100 ? delay(100) : Promise.race([told, delay(250)]));
    return undefined;
  };
  await eventually(`${amount} runs have finished`, look, 300_000, 0).finally(stop);
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
