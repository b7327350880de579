import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { hubTopic } from '#runtime/hub/hub.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import { startSlackServer } from '#stack/vendors/slack-server.js';
import { dispatchBatch, maxBatchSize } from '#workers/dispatcher/dispatch-batch.js';
import { startRunGroups } from '#workers/dispatcher/start-run-groups.js';
import { startWorker } from '#workers/worker.js';
import { startBareWorker } from './bare-worker.js';
import { summarize, timed } from './statistics.js';
import { connectSlack, type Subject, threeMessages, threeTasks } from './subject.js';

export interface LatencyResult {
  name: string;
  oursP50Ms: number;
  bareP50Ms: number;
  /** Of the two above, both until the client has the workflow's result. */
  ratio: number;
  target: number;
  /** Until readers of the run are told that its end is recorded, which is before its workflow closes. */
  recordedP50Ms: number;
}

interface OwnSample {
  finishedMs: number;
  recordedMs: number;
}

interface Comparison {
  name: string;
  target: number;
  ours(): Promise<OwnSample>;
  bare(): Promise<number>;
}

const samples = 150;
const warmUp = 30;
const WithId = z.object({ id: z.uuid() });

/** One run at a time, from dispatch to finished, against a bare workflow of the same shape, in turn. */
export async function measureLatency(subject: Subject): Promise<LatencyResult[]> {
  const slack = await startSlackServer({ token: 'xoxb-bench' });
  const { worker, client } = await startWithoutDispatcher(subject);
  const bare = await startBareWorker(subject.stack.temporalAddress);
  const messageUrl = `${slack.url}chat.postMessage`;
  const tasks = await threeTasks(subject);
  const messages = await threeMessages(subject, await connectSlack(subject, slack.url));
  const results = [
    await compare({
      name: 'three domain actions / three empty local activities',
      target: 1.5,
      ours: () => oneRun(subject, client, tasks),
      bare: () => timed(() => bare.run('bareLocal', [])),
    }),
    await compare({
      name: 'three connector actions / three activities with the same HTTP call',
      target: 1.3,
      ours: () => oneRun(subject, client, messages),
      bare: () => timed(() => bare.run('bareRegular', [messageUrl])),
    }),
  ];
  worker.stop();
  await worker.finished;
  await bare.stop();
  await slack.close();
  return results;
}

async function startWithoutDispatcher({ app }: Subject) {
  let client: Client | undefined;
  const worker = await startWorker(app, (_services, given) => {
    client = given;
    return { stop: async () => {} };
  });
  if (!client) throw new Error('The worker handed out no client');
  return { worker, client };
}

/** Milliseconds from the dispatcher's look into its queue. */
async function oneRun(
  { app, caller, orgId }: Subject,
  client: Client,
  automationId: string,
): Promise<OwnSample> {
  const { id } = WithId.parse(await app.perform(caller, 'automations.run', { id: automationId }));
  const began = performance.now();
  const recorded = new Promise<number>((resolve) => {
    const stop = app.services.hub.subscribe(hubTopic.run(orgId, id), ({ type }) => {
      if (type !== 'run') return;
      stop();
      resolve(performance.now() - began);
    });
  });
  const { groups } = await dispatchBatch(app.services, {
    size: maxBatchSize,
    previous: null,
    mailRoom: undefined,
    quotaOf: () => app.services.configuration,
  });
  await startRunGroups(app.services, client, groups);
  await client.workflow.getHandle(runWorkflowId(orgId, id)).result();
  const finishedMs = performance.now() - began;
  return { finishedMs, recordedMs: await recorded };
}

async function compare({ name, target, ours, bare }: Comparison): Promise<LatencyResult> {
  const mine: OwnSample[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < warmUp + samples; index += 1) {
    const [a, b] = [await ours(), await bare()];
    if (index < warmUp) continue;
    mine.push(a);
    theirs.push(b);
  }
  const oursP50Ms = summarize(mine.map(({ finishedMs }) => finishedMs)).p50;
  const recordedP50Ms = summarize(mine.map(({ recordedMs }) => recordedMs)).p50;
  const bareP50Ms = summarize(theirs).p50;
  return { name, oursP50Ms, bareP50Ms, ratio: oursP50Ms / bareP50Ms, target, recordedP50Ms };
}
