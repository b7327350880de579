import { createApp } from '#app.js';
import { closeAll } from '#test/closing.js';
import { durableSystem } from '#test/durability/durable-system.js';
import { measureFairness } from '#test/limits/measure-fairness.js';
import { openTestStack } from '#test/stack.js';
import { configurationFor } from '#test/system.js';
import { measureAi } from './ai.js';
import { measureEngine } from './engine.js';
import { measureLatency } from './latency.js';
import { measureLogIn } from './log-in.js';
import { summarize } from './statistics.js';
import { createSubject } from './subject.js';
import { measureSynchronous } from './synchronous.js';
import { measureTenancy } from './tenancy.js';
import { measureThroughput } from './throughput.js';
import { measureWeb } from './web/measure-web.js';

const parts = new Set(process.argv.slice(2));
const wants = (part: string) => parts.size === 0 || parts.has(part);
const ms = (value: number) => `${value.toFixed(1)} ms`;

if (wants('latency')) {
  const stack = await openTestStack(['postgres', 'temporal']);
  const app = await createApp(configurationFor(stack), 'bench');
  console.log('One run at a time, from dispatch to finished (p50):');
  for (const result of await measureLatency(await createSubject(app, stack))) {
    const { name, oursP50Ms, bareP50Ms, ratio, target, recordedP50Ms } = result;
    console.log(`  ${name}: ${ms(oursP50Ms)} / ${ms(bareP50Ms)} = ${ratio.toFixed(2)} (target ≤ ${target})`);
    console.log(`    the end is recorded and announced after ${ms(recordedP50Ms)}`);
  }
  await app.close();
  await closeAll();
}

if (wants('engine')) {
  const stack = await openTestStack(['postgres', 'temporal']);
  const app = await createApp(configurationFor(stack), 'bench');
  console.log('The engine, API and worker in one process:');
  for (const { name, value, unit, bare, target } of await measureEngine(await createSubject(app, stack))) {
    const shown = unit === '×' ? `${value.toFixed(2)} ×` : `${value.toFixed(1)} ${unit}`;
    const compared =
      bare === undefined ? '' : `, bare ${bare.toFixed(1)} ${unit} = ${(value / bare).toFixed(2)}`;
    console.log(`  ${name}: ${shown}${compared}${target ? ` (target ${target})` : ''}`);
  }
  await app.close();
  await closeAll();
}

if (wants('fairness')) {
  const { app, worker } = await durableSystem();
  await worker.start();
  const { idleMs, loadedMs } = await measureFairness(app, 2_000);
  const loaded = summarize(loadedMs);
  console.log('A run of one organization while another has 2,000 queued, from delivery to its end (p50):');
  console.log(
    `  idle ${ms(idleMs)}, loaded ${ms(loaded.p50)}: later by ${((loaded.p50 - idleMs) / idleMs).toFixed(2)} × the idle time (target ≤ 2)`,
  );
  console.log(`    the slowest took ${ms(loaded.max)}`);
  await closeAll();
}

if (wants('throughput')) {
  const { app, stack, api, worker } = await durableSystem();
  await Promise.all([api.start(), worker.start()]);
  const { bareRate, results } = await measureThroughput(await createSubject(app, stack));
  console.log(`50 connections, 1 KB bodies; a bare eager workflow a run: ${bareRate.toFixed(0)} a second`);
  for (const result of results) {
    const { name, runsPerSecond, ratio, target, acceptedPerSecond, acceptP50Ms, acceptP99Ms, acceptTarget } =
      result;
    console.log(
      `  ${name}: ${runsPerSecond.toFixed(0)} runs/s = ${ratio.toFixed(2)} × bare (target ${target})`,
    );
    console.log(
      `    accepted ${acceptedPerSecond.toFixed(0)}/s, p50 ${ms(acceptP50Ms)}, p99 ${ms(acceptP99Ms)}${acceptTarget}`,
    );
  }
  await closeAll();
}

if (wants('tenancy')) {
  const stack = await openTestStack(['postgres', 'temporal']);
  const app = await createApp(configurationFor(stack), 'bench');
  const { bareP50Ms, checkedP50Ms, performP50Ms, lists, plans } = await measureTenancy(app, stack);
  const two = (value: number) => `${value.toFixed(2)} ms`;
  console.log('A task by its id, in an organization of 1,000,000 (p50):');
  console.log(
    `  in a tenant's transaction, with its permission ${two(checkedP50Ms)}, bare ${two(bareP50Ms)}: ${two(checkedP50Ms - bareP50Ms)} more (target ≤ 1 ms)`,
  );
  console.log(`  by the whole door ${two(performP50Ms)}`);
  console.log('50 tasks of an organization of 1,000,000, and of one of 1,000 in the same table (p95):');
  for (const { name, smallP95Ms, largeP95Ms } of lists) {
    const ratio = (largeP95Ms / smallP95Ms).toFixed(2);
    console.log(`  ${name}: ${ms(largeP95Ms)} / ${ms(smallP95Ms)} = ${ratio} (target ≤ 50 ms, ≤ 1.5)`);
  }
  for (const { name, indexes, isLedByOrganization } of plans) {
    const led = isLedByOrganization ? 'all led by org_id' : 'NOT all led by org_id';
    console.log(`  plan of ${name}: ${indexes.join(', ')} (${led})`);
  }
  await app.close();
  await closeAll();
}

if (wants('log-in')) {
  const stack = await openTestStack(['postgres', 'temporal']);
  const app = await createApp(configurationFor(stack), 'bench');
  const { logInsPerSecond, bareHashesPerSecond, readBesideMs, readAloneMs } = await measureLogIn(app);
  const share = logInsPerSecond / bareHashesPerSecond;
  console.log('Log-ins of 16 browsers at once, against bare argon2id of the same parameters:');
  console.log(
    `  ${logInsPerSecond.toFixed(1)}/s / ${bareHashesPerSecond.toFixed(1)}/s = ${share.toFixed(2)} (target ≥ 0.8)`,
  );
  console.log(`  a list of tasks meanwhile ${ms(readBesideMs)}, alone ${ms(readAloneMs)} (p50)`);
  await app.close();
  await closeAll();
}

if (wants('ai')) {
  const stack = await openTestStack(['postgres']);
  const app = await createApp(configurationFor(stack), 'bench');
  const { reserveP50Ms, reserveP99Ms, directP50Ms, gatewayP50Ms } = await measureAi(app);
  const two = (value: number) => `${value.toFixed(2)} ms`;
  console.log('A call of a model:');
  console.log(
    `  held back in three budgets ${two(reserveP50Ms)} (p50, target ≤ 2 ms), ${two(reserveP99Ms)} (p99)`,
  );
  console.log(
    `  the first word through the gateway ${two(gatewayP50Ms)}, asked directly ${two(directP50Ms)}: ${two(gatewayP50Ms - directP50Ms)} more (p50, target ≤ 25 ms)`,
  );
  await app.close();
  await closeAll();
}

if (wants('synchronous')) {
  const { app, stack, api, worker } = await durableSystem();
  await Promise.all([api.start(), worker.start()]);
  const result = await measureSynchronous(await createSubject(app, stack));
  const { aloneP50Ms, bareP50Ms, answersPerSecond, answerP50Ms, answerP99Ms } = result;
  console.log('A webhook whose sender waits for `set` with six expressions and `respond`:');
  console.log(
    `  alone ${ms(aloneP50Ms)} / ${ms(bareP50Ms)} = ${(aloneP50Ms / bareP50Ms).toFixed(2)} (p50, target ≤ 1.3)`,
  );
  console.log(
    `  50 connections: ${answersPerSecond.toFixed(0)} answers/s (target ≥ 344), p50 ${ms(answerP50Ms)}, p99 ${ms(answerP99Ms)}`,
  );
  await closeAll();
}
if (wants('web')) {
  const { app, api, address } = await durableSystem();
  await api.start();
  const { plain, throttled, board, builder } = await measureWeb(app, address);
  console.log('The web app, in Chromium:');
  console.log(
    `  JavaScript of a signed-in page: ${plain.scriptKilobytes.toFixed(0)} kB packed (target ≤ 220)`,
  );
  console.log(`  largest paint of its first load: ${ms(plain.lcpMs)} (target ≤ 1,000)`);
  console.log(`    with a processor four times slower: ${ms(throttled.lcpMs)} (target ≤ 2,500)`);
  for (const [name, { interactions }] of Object.entries({ board, builder })) {
    const { inpMs, count, slowest } = interactions;
    console.log(`  interaction to next paint, ${name}: ${ms(inpMs)} of ${count} (target ≤ 200)`);
    console.log(`    slowest: ${slowest.join(', ')}`);
  }
  console.log(`  a canvas of 300 nodes opens in ${ms(builder.opensMs)} (target ≤ 1,000)`);
  for (const [name, { perSecond, longestMs }] of [
    ['is panned', builder.pan],
    ['and a board of 2,000 tasks is scrolled down', board.scroll],
    ['and up again', board.back],
  ] as const) {
    console.log(`  ${name} at ${perSecond.toFixed(0)} frames/s (target ≥ 50), longest gap ${ms(longestMs)}`);
  }
  await closeAll();
}
process.exit(0);
