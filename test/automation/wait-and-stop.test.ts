import assert from 'node:assert/strict';
import type { Caller } from '#runtime/caller.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun, runOnce, runThat, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { manual, set } from './nodes.js';

describe('a run that waits or stops', () => {
  let system: TestSystem;
  let caller: Caller;
  before(async () => {
    system = await workingSystem();
    ({ caller } = await buildOrganization(system.app));
  });

  it('shows that it waits, and goes on when its time has come', async () => {
    const definition = manual(
      [{ id: 'pause', type: 'wait', input: { duration: '{{ trigger.pause }}' } }, set('after', {})],
      'trigger > pause',
      'pause > after',
    );
    const { id } = await buildAutomation(system.app, caller, definition);
    const runId = await startRun(system.app, caller, id, { pause: '1500ms' });
    const waiting = await runThat(
      system.app,
      caller,
      runId,
      'the run waits',
      ({ status }) => status === 'waiting',
    );
    assert.equal(stepOf(waiting, 'pause').status, 'waiting');
    const run = await finishedRun(system.app, caller, runId);
    assert.equal(run.status, 'succeeded');
    const { startedAt, finishedAt } = stepOf(run, 'pause');
    assert.ok(Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '') >= 1_500);
    assert.deepEqual(stepStatuses(run), { pause: 'succeeded', after: 'succeeded' });
  });

  it('fails at a wait whose computed duration is none', async () => {
    const definition = manual(
      [{ id: 'pause', type: 'wait', input: { duration: '{{ trigger.pause }}' } }],
      'trigger > pause',
    );
    const run = await runOnce(system.app, caller, definition, { pause: 'a while' });
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.code, 'validation');
    assert.equal(run.error?.node, 'pause');
  });

  it('ends at a stop with success and its output, whatever else goes on', async () => {
    const definition = manual(
      [
        { id: 'end', type: 'stop', input: { output: { found: '{{ trigger.word }}' } } },
        { id: 'pause', type: 'wait', input: { duration: '1h' } },
        set('after', {}),
      ],
      'trigger > end',
      'trigger > pause',
      'pause > after',
    );
    const run = await runOnce(system.app, caller, definition, { word: 'needle' });
    assert.equal(run.status, 'succeeded');
    assert.deepEqual(run.result, { inline: { found: 'needle' } });
    assert.deepEqual(stepStatuses(run), { end: 'succeeded', pause: 'skipped', after: 'skipped' });
  });

  it('ends at a stop with failure and its message', async () => {
    const definition = manual(
      [{ id: 'end', type: 'stop', input: { status: 'failed', message: 'No {{ trigger.word }} here' } }],
      'trigger > end',
    );
    const run = await runOnce(system.app, caller, definition, { word: 'needle' });
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.message, 'No needle here');
  });
});
