import autocannon from 'autocannon';
import { buildAutomation, chain } from '#test/builders/build-automation.js';
import { startBareWorker } from './bare-worker.js';
import { summarize, timed } from './statistics.js';
import type { Subject } from './subject.js';

export interface SynchronousResult {
  aloneP50Ms: number;
  bareP50Ms: number;
  /** With 50 connections, which wait for their answers. */
  answersPerSecond: number;
  answerP50Ms: number;
  answerP99Ms: number;
}

const samples = 150;
const warmUp = 30;
const connections = 50;
const requests = 2_000;

const headers = { 'content-type': 'application/json' };
const body = JSON.stringify({ name: 'Ada', price: 12.5, amount: 3, tags: ['a', 'b'] });

/** A webhook whose sender waits: `set` with six expressions, then `respond`. Alone against a bare eager workflow, in turn. */
export async function measureSynchronous(subject: Subject): Promise<SynchronousResult> {
  const url = await sixExpressions(subject);
  const bare = await startBareWorker(subject.stack.temporalAddress);
  const own: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < warmUp + samples; index += 1) {
    const ms = await timed(() => ask(url));
    const bareMs = await timed(() => bare.run('bareEmpty', []));
    if (index < warmUp) continue;
    own.push(ms);
    theirs.push(bareMs);
  }
  await bare.stop();
  const load = (amount: number) => autocannon({ url, method: 'POST', connections, amount, headers, body });
  await load(300);
  const began = performance.now();
  const { latency, non2xx, errors } = await load(requests);
  const elapsedMs = performance.now() - began;
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} requests were refused, ${errors} failed`);
  return {
    aloneP50Ms: summarize(own).p50,
    bareP50Ms: summarize(theirs).p50,
    answersPerSecond: (requests / elapsedMs) * 1000,
    answerP50Ms: latency.p50,
    answerP99Ms: latency.p99,
  };
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  if (!text.includes('"sum":37.5')) throw new Error(`The answer is ${response.status} ${text}`);
}

async function sixExpressions({ app, caller }: Subject): Promise<string> {
  const values = {
    name: '{{ trigger.body.name }}',
    upper: '{{ trigger.body.name.upperAscii() }}',
    sum: '{{ trigger.body.price * double(trigger.body.amount) }}',
    isLarge: '{{ trigger.body.price > 10.0 }}',
    first: '{{ trigger.body.tags[0] }}',
    text: 'Hello {{ trigger.body.name }}',
  };
  const nodes = [
    { id: 'values', type: 'set', input: { values } },
    { id: 'answer', type: 'respond', input: { body: '{{ steps.values.output }}' } },
  ];
  const trigger = { type: 'webhook', input: { response: 'respond' } };
  return (await buildAutomation(app, caller, chain(trigger, nodes))).webhookUrl;
}
