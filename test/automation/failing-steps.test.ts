import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun, runOnce, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { openOwner } from '../owner.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual, postMessage, set } from './nodes.js';

const noProject = randomUUID();

describe('a step that fails', () => {
  let system: TestSystem;
  let slack: TestSlack;
  let caller: Caller;
  let connection: string;
  before(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    ({ caller } = await buildOrganization(system.app));
    connection = (await buildSlackConnection(system.app, caller, slack.apiUrl)).id;
  });
  afterEach(() => {
    slack.server.failNext(0, 'server_error');
    slack.proxy.release();
  });

  it('ends the run with its error and its node, and skips the rest', async () => {
    const run = await runOnce(
      system.app,
      caller,
      manual([createTask('task', noProject, 'T'), set('after', {})], 'trigger > task', 'task > after'),
    );
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.code, 'validation');
    assert.equal(run.error?.node, 'task');
    assert.deepEqual(stepStatuses(run), { task: 'failed', after: 'skipped' });
    assert.equal(stepOf(run, 'task').attempts, 1, 'trying again could not help');
  });

  it('goes on by its error branch, which sees the error', async () => {
    const run = await runOnce(
      system.app,
      caller,
      manual(
        [
          createTask('task', noProject, 'T', { onError: 'branch' }),
          set('good', {}),
          set('bad', { code: '{{ steps.task.error.code }}', was: '{{ steps.task.status }}' }),
        ],
        'trigger > task',
        'task > good',
        'task.error > bad',
      ),
    );
    assert.equal(run.status, 'succeeded');
    assert.deepEqual(stepStatuses(run), { task: 'failed', good: 'skipped', bad: 'succeeded' });
    assert.deepEqual(stepOf(run, 'bad').output, { inline: { code: 'validation', was: 'failed' } });
  });

  it('lets the run go on with no output where it says continue', async () => {
    const run = await runOnce(
      system.app,
      caller,
      manual(
        [
          createTask('task', noProject, 'T', { onError: 'continue' }),
          set('after', { isNull: '{{ steps.task.output == null }}' }),
        ],
        'trigger > task',
        'task > after',
      ),
    );
    assert.equal(run.status, 'succeeded');
    assert.deepEqual(stepOf(run, 'after').output, { inline: { isNull: true } });
  });

  it('is tried again as its retry policy says, and shows how often', async () => {
    slack.server.failNext(2, { status: 503, body: {} });
    const before = slack.server.messages.length;
    const retry = { attempts: 10, backoff: '100ms', maxBackoff: '100ms' };
    const run = await runOnce(
      system.app,
      caller,
      manual([postMessage('tell', connection, 'Hi', { retry })], 'trigger > tell'),
    );
    assert.equal(run.status, 'succeeded');
    // The second failure meets the look for the first attempt's message.
    assert.equal(stepOf(run, 'tell').attempts, 3);
    assert.equal(slack.server.messages.length - before, 1);
  });

  it('is final after its last attempt', async () => {
    slack.server.failNext(100, 'server_error');
    const retry = { attempts: 3, backoff: '100ms', maxBackoff: '100ms' };
    const run = await runOnce(
      system.app,
      caller,
      manual([postMessage('tell', connection, 'Hi', { retry })], 'trigger > tell'),
    );
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.code, 'provider_unavailable');
    assert.equal(stepOf(run, 'tell').attempts, 3);
  });

  it('is given up when its time is up, and tried again within its attempts', async () => {
    slack.proxy.hold();
    const limits = { timeout: '500ms', retry: { attempts: 1 } };
    const run = await runOnce(
      system.app,
      caller,
      manual([postMessage('tell', connection, 'Slow', limits)], 'trigger > tell'),
    );
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.node, 'tell');
    assert.equal(run.error?.message, 'slack.post_message took longer than 500 ms');
    const { startedAt, finishedAt } = stepOf(run, 'tell');
    const ms = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
    assert.ok(ms >= 500 && ms < 10_000, `ended after ${ms} ms`);
  });

  it('that lost the answer posts once: the next attempt finds the message', async () => {
    slack.server.failNext(1, 'lost_answer');
    const before = slack.server.messages.length;
    const retry = { attempts: 3, backoff: '100ms', maxBackoff: '100ms' };
    const run = await runOnce(
      system.app,
      caller,
      manual([postMessage('tell', connection, 'Once', { retry })], 'trigger > tell'),
    );
    assert.equal(run.status, 'succeeded');
    assert.equal(stepOf(run, 'tell').attempts, 2);
    assert.equal(slack.server.messages.length - before, 1);
  });

  it('marks the connection when its credentials are refused', async () => {
    const own = await buildSlackConnection(system.app, caller, slack.apiUrl);
    await system.app.perform(caller, 'connections.update', { id: own.id, secret: { token: 'wrong' } });
    const run = await runOnce(
      system.app,
      caller,
      manual([postMessage('tell', own.id, 'Hi')], 'trigger > tell'),
    );
    assert.equal(run.error?.code, 'credentials_expired');
    assert.equal(stepOf(run, 'tell').attempts, 1);
    const shown = await system.app.perform(caller, 'connections.get', { id: own.id });
    assert.equal(z.looseObject({ status: z.string() }).parse(shown).status, 'credentials_expired');
  });

  it('is cut off when the whole run takes too long', async () => {
    const definition = {
      ...manual([{ id: 'pause', type: 'wait', input: { duration: '1h' } }], 'trigger > pause'),
      settings: { timeout: '1m' },
    };
    const { id } = await buildAutomation(system.app, caller, definition);
    // A minute is the shortest that can be published.
    await openOwner(system.stack)`
      UPDATE automation_versions SET plan = jsonb_set(plan, '{timeoutMs}', '700') WHERE automation_id = ${id}`;
    const run = await finishedRun(system.app, caller, await startRun(system.app, caller, id));
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.code, 'limit_exceeded');
    assert.equal(stepOf(run, 'pause').status, 'cancelled');
  });
});
