import assert from 'node:assert/strict';
import { deliver, deliverTogether } from '../builders/deliver.js';
import { explain, listRuns, momentMs } from '../builders/limits.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';
import { buildTaskAutomation } from './limited-automation.js';

type Automation = Awaited<ReturnType<typeof buildTaskAutomation>>;

describe('an automation that waits until it is quiet', () => {
  let app: TestSystem['app'];
  before(async () => {
    ({ app } = await workingSystem());
  });

  /** Waits until all deliveries so far have had their look. */
  const seen = ({ caller, id }: Automation, count: number) =>
    eventually(`${count} runs are there`, async () => {
      const runs = await listRuns(app, caller, id);
      return runs.length === count && runs.every(({ waitingFor }) => waitingFor !== 'dispatcher')
        ? runs
        : undefined;
    });

  it('starts the last of several triggers only, and says of the others that they are superseded', async () => {
    const automation = await buildTaskAutomation(app, { debounce: { for: '1s' } });
    await deliverTogether(app, automation, [{ title: 'one' }, { title: 'two' }]);
    await seen(automation, 2);
    const cameAt = Date.now();
    await deliver(app, automation, { title: 'three' });
    const [, , last] = await seen(automation, 3);
    assert.equal((await explain(app, automation.caller, last?.id ?? '')).code, 'debounce');
    await finishedRuns(app, automation.caller, automation.id, 3);
    assert.deepEqual(await listTaskTitles(app, automation.caller, automation.projectId), ['three']);
    const runs = await listRuns(app, automation.caller, automation.id);
    const started = runs.filter(({ status }) => status === 'succeeded');
    assert.equal(started.length, 1);
    assert.ok(momentMs(started[0]?.startedAt) - cameAt >= 990, 'it was quiet for a second before');
    for (const { status, error } of runs.filter((run) => run !== started[0])) {
      assert.equal(status, 'cancelled');
      assert.match(error?.message ?? '', /^Superseded by run /);
    }
  });

  it('starts after `maxWait` though triggers go on coming', async () => {
    const automation = await buildTaskAutomation(app, { debounce: { for: '2s', maxWait: '3s' } });
    const beganAt = Date.now();
    let count = 0;
    const done = await eventually('one has started', async () => {
      count += 1;
      await deliver(app, automation, { title: `number ${count}` });
      await seen(automation, count);
      const runs = await listRuns(app, automation.caller, automation.id, { status: 'succeeded' });
      return runs[0];
    });
    const waitedMs = momentMs(done.startedAt) - beganAt;
    assert.ok(waitedMs >= 2_900 && waitedMs < 6_000, `it waited ${waitedMs} ms`);
  });

  it('keeps those of different keys apart', async () => {
    const automation = await buildTaskAutomation(app, {
      debounce: { for: '300ms', key: '{{ dyn(trigger).body.customer }}' },
    });
    const bodies = ['a', 'b', 'a'].map((customer, index) => ({ customer, title: `${customer} ${index}` }));
    await deliverTogether(app, automation, bodies);
    await finishedRuns(app, automation.caller, automation.id, 3);
    assert.deepEqual(await listTaskTitles(app, automation.caller, automation.projectId), ['a 2', 'b 1']);
  });
});

describe('an automation that limits its starts in a period', () => {
  let app: TestSystem['app'];
  before(async () => {
    ({ app } = await workingSystem());
  });

  it('starts as many within each period, in order, and says when the next may', async () => {
    const automation = await buildTaskAutomation(app, { throttle: { max: 2, per: '1500ms' } });
    const sources = await deliverTogether(
      app,
      automation,
      ['one', 'two', 'three', 'four', 'five'].map((title) => ({ title })),
    );
    const waiting = await eventually('one waits', async () =>
      (await listRuns(app, automation.caller, automation.id, { waitingFor: 'throttle' })).at(0),
    );
    const told = await explain(app, automation.caller, waiting.id);
    assert.ok(['throttle', 'starting', 'ended'].includes(told.code), told.code);
    await finishedRuns(app, automation.caller, automation.id, 5);
    const runs = (await listRuns(app, automation.caller, automation.id)).sort(
      (a, b) => momentMs(a.startedAt) - momentMs(b.startedAt),
    );
    const pairOf = (index: number) => [runs[index], runs[index + 1]].map((run) => run?.sourceId).sort();
    assert.deepEqual(pairOf(0), sources.slice(0, 2).sort());
    assert.deepEqual(pairOf(2), sources.slice(2, 4).sort());
    const times = runs.map(({ startedAt }) => momentMs(startedAt));
    // A run begins a little after it was let go, by the time that its start takes.
    for (const [index, later] of times.slice(2).entries()) {
      const apartMs = later - (times[index] ?? 0);
      assert.ok(apartMs > 1_000, `${index} and ${index + 2} are ${apartMs} ms apart`);
    }
    assert.ok((times[4] ?? 0) - (times[0] ?? 0) < 6_000, 'it does not wait longer than it has to');
  });
});
