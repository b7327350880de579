import assert from 'node:assert/strict';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain, getRun } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { deliverTogether } from '../builders/deliver.js';
import { explain, listRuns, momentMs, mostAtOnce } from '../builders/limits.js';
import { finishedRun, finishedRuns, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';
import { buildTaskAutomation, buildWaitingAutomation } from './limited-automation.js';

describe('an automation that limits its runs under way', function () {
  this.timeout(90_000);
  let app: TestSystem['app'];
  before(async () => {
    ({ app } = await workingSystem());
  });

  type Waiting = Awaited<ReturnType<typeof buildWaitingAutomation>>;

  /** Starts this many runs, one after the other. Returns their ids. */
  async function start({ caller, id }: Waiting, count: number, input: object = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) ids.push(await startRun(app, caller, id, input));
    return ids;
  }

  const begins = ({ caller }: Waiting, runId = '') =>
    runThat(app, caller, runId, `run ${runId} has begun`, ({ status }) => status === 'waiting');

  /** Waits until runs wait for their turn: these, in this order. */
  const queuesUp = ({ caller, id }: Waiting, ids: readonly (string | undefined)[]) =>
    eventually(`${ids.length} runs wait`, async () => {
      const waiting = await listRuns(app, caller, id, { waitingFor: 'concurrency' });
      return waiting.length === ids.length && waiting.every((run) => ids.includes(run.id)) ? true : undefined;
    });

  it('never runs two at a time of 50 that come at once with max 1, and starts them in order', async () => {
    const automation = await buildTaskAutomation(app, { concurrency: { max: 1 } });
    const bodies = Array.from({ length: 50 }, (_, index) => ({ title: `order ${index}` }));
    const sources = await deliverTogether(app, automation, bodies);
    await finishedRuns(app, automation.caller, automation.id, 50);
    const runs = await listRuns(app, automation.caller, automation.id);
    assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['succeeded']);
    assert.equal(mostAtOnce(runs), 1);
    const byStart = [...runs].sort((a, b) => momentMs(a.startedAt) - momentMs(b.startedAt));
    assert.deepEqual(
      byStart.map(({ sourceId }) => sourceId),
      sources,
    );
  });

  it('says to those that wait who is before them, and lets the next begin when one ends', async () => {
    const automation = await buildWaitingAutomation(app, { concurrency: { max: 2 } });
    const { caller } = automation;
    const [first = '', second = '', third = '', fourth = ''] = await start(automation, 4);
    await begins(automation, first);
    await begins(automation, second);
    await queuesUp(automation, [third, fourth]);
    const told = await explain(app, caller, fourth);
    assert.equal(told.code, 'concurrency');
    assert.equal(told.position, 2);
    assert.deepEqual(told.runs, [first, second]);
    await app.perform(caller, 'runs.cancel', { id: second });
    await begins(automation, third);
    await queuesUp(automation, [fourth]);
    await app.perform(caller, 'runs.cancel', { id: fourth });
    assert.equal((await finishedRun(app, caller, fourth)).startedAt, null);
  });

  it('limits the runs of each key alone', async () => {
    const automation = await buildWaitingAutomation(app, {
      concurrency: { max: 1, key: '{{ dyn(trigger).customer }}' },
    });
    const [first] = await start(automation, 1, { customer: 'a' });
    const [second] = await start(automation, 1, { customer: 'a' });
    const [other] = await start(automation, 1, { customer: 'b' });
    await begins(automation, first);
    await begins(automation, other);
    await queuesUp(automation, [second]);
  });

  it('takes those for one whose key can not be evaluated', async () => {
    const automation = await buildWaitingAutomation(app, {
      concurrency: { max: 1, key: '{{ dyn(trigger).a.b }}' },
    });
    const [first, second] = await start(automation, 2);
    await begins(automation, first);
    await queuesUp(automation, [second]);
  });

  it('leaves those out that find it full, where it says to skip', async () => {
    const automation = await buildWaitingAutomation(app, { concurrency: { max: 1, onLimit: 'skip' } });
    const [first, second] = await start(automation, 2);
    await begins(automation, first);
    const skipped = await finishedRun(app, automation.caller, second ?? '');
    assert.equal(skipped.status, 'cancelled');
    assert.equal(skipped.error?.code, 'limit_exceeded');
    assert.equal(skipped.startedAt, null);
  });

  it('cancels what is under way for the newest, where it says so', async () => {
    const automation = await buildWaitingAutomation(app, {
      concurrency: { max: 1, onLimit: 'cancel_running' },
    });
    const [first] = await start(automation, 1);
    await begins(automation, first);
    const ids = await start(automation, 3);
    assert.equal((await finishedRun(app, automation.caller, first ?? '')).status, 'cancelled');
    await begins(automation, ids.at(-1));
    for (const id of ids.slice(0, -1)) {
      assert.equal((await finishedRun(app, automation.caller, id)).status, 'cancelled');
    }
  });

  it('has retried runs and runs of the same input wait as well', async () => {
    const automation = await buildWaitingAutomation(app, { concurrency: { max: 1 } });
    const { caller } = automation;
    const [first = '', second = ''] = await start(automation, 2);
    await begins(automation, first);
    await app.perform(caller, 'runs.cancel', { id: first });
    await begins(automation, second);
    await app.perform(caller, 'runs.retry', { id: first });
    await queuesUp(automation, [first]);
    await app.perform(caller, 'runs.rerun', { id: second });
    await eventually('both wait', async () => {
      const waiting = await listRuns(app, caller, automation.id, { waitingFor: 'concurrency' });
      return waiting.length === 2 ? true : undefined;
    });
    await app.perform(caller, 'runs.cancel', { id: second });
    await begins(automation, first);
  });

  it('lets those wait on that wait while it is paused, and cancels them when it is deleted', async () => {
    const automation = await buildWaitingAutomation(app, { concurrency: { max: 1 } });
    const { caller, id } = automation;
    const [first = '', second = '', third = ''] = await start(automation, 3);
    await begins(automation, first);
    await queuesUp(automation, [second, third]);
    await app.perform(caller, 'automations.pause', { id });
    await app.perform(caller, 'runs.cancel', { id: first });
    await eventually('the next is said to wait for the automation', async () =>
      (await explain(app, caller, second)).code === 'paused' ? true : undefined,
    );
    assert.equal((await getRun(app, caller, second)).status, 'queued');
    await app.perform(caller, 'automations.resume', { id });
    await begins(automation, second);
    await app.perform(caller, 'automations.delete', { id });
    assert.equal((await finishedRun(app, caller, third)).status, 'cancelled');
    assert.equal((await getRun(app, caller, second)).status, 'waiting');
  });

  it('holds runs to the settings of their own version', async () => {
    const automation = await buildWaitingAutomation(app, { concurrency: { max: 1 } });
    const { caller, id } = automation;
    const [first, second] = await start(automation, 2);
    await begins(automation, first);
    await queuesUp(automation, [second]);
    const pause = { id: 'pause', type: 'wait', input: { duration: '1h' } };
    const draft = chain({ type: 'manual' }, [pause]);
    await app.perform(caller, 'automations.update', { id, draft });
    await app.perform(caller, 'automations.publish', { id });
    const [third] = await start(automation, 1);
    await begins(automation, third);
    await queuesUp(automation, [second]);
  });

  it('is respected by a caller who waits for the answer, and by subflows', async () => {
    const { caller } = await buildOrganization(app);
    const setting = { settings: { concurrency: { max: 1 }, outputSchema: { type: 'object' } } };
    const ask = { id: 'ask', type: 'wait', input: { event: 'project.created' } };
    const called = await buildAutomation(app, caller, chain({ type: 'manual' }, [ask], setting));
    const nodes = ['one', 'two'].map((id) => ({ id, type: 'subflow', automation: called.id }));
    const calling = await buildAutomation(app, caller, {
      name: 'Calls two',
      trigger: { type: 'manual' },
      nodes,
      edges: nodes.map(({ id }) => ({ source: 'trigger', target: id })),
    });
    const runId = await startRun(app, caller, calling.id);
    const children = await eventually('two runs were started', async () => {
      const found = await listRuns(app, caller, called.id);
      return found.length === 2 && found.some(({ status }) => status === 'waiting') ? found : undefined;
    });
    assert.equal(children.filter(({ waitingFor }) => waitingFor === 'concurrency').length, 1);
    const waited = await app.perform(caller, 'automations.run', { id: called.id, wait: true });
    const third = (waited as { id: string }).id;
    await eventually('the third waits too', async () =>
      (await explain(app, caller, third)).position === 2 ? true : undefined,
    );
    await eventually('all three have had their turn', async () => {
      await app.perform(caller, 'projects.create', { name: 'An event' });
      const found = await listRuns(app, caller, called.id);
      return found.every(({ status }) => status === 'succeeded') ? true : undefined;
    });
    const parent = await finishedRun(app, caller, runId);
    assert.equal(parent.status, 'succeeded', JSON.stringify(stepOf(parent, 'two')));
    assert.equal(mostAtOnce(await listRuns(app, caller, called.id)), 1);
  });

  it('can not be published with settings that make no sense, which are named', async () => {
    const { caller } = await buildOrganization(app);
    const nodes = [{ id: 'note', type: 'set', input: { values: {} } }];
    const publish = (settings: object) =>
      buildAutomation(app, caller, chain({ type: 'webhook' }, nodes, { settings }));
    const refused: Record<string, object> = {
      'settings.concurrency.max': { concurrency: { max: 0 } },
      'settings.concurrency.onLimit': { concurrency: { max: 1, onLimit: 'wail' } },
      'settings.concurrency.key': { concurrency: { max: 1, key: '{{ trigger.unknown }}' } },
      'settings.debounce.key': { debounce: { for: '1s', key: '{{ steps.a.output }}' } },
      'settings.debounce.for': { debounce: { for: 'soon' } },
      'settings.debounce.maxWait': { debounce: { for: '5s', maxWait: '1s' } },
      'settings.throttle.per': { throttle: { max: 1, per: '1ms' } },
      'settings.throttle.key': { throttle: { max: 1, per: '1s', key: '{{ 1 + }}' } },
    };
    for (const [path, settings] of Object.entries(refused)) {
      await assertRefused(publish(settings), 'validation', path);
    }
  });
});
