import assert from 'node:assert/strict';
import type { Caller } from '#runtime/caller.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { buildModels, simulatorKey } from '../builders/build-agent.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { runOnce, stepOf } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { manual, set } from './nodes.js';

describe('a language model in an automation', () => {
  let system: TestSystem;
  let caller: Caller;
  let simulator: RunningSimulator;

  before(async () => {
    system = await workingSystem();
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    ({ caller } = await buildOrganization(system.app));
    const connectionId = await buildModels(system.app, caller, simulator, ['scripted:order', 'demo']);
    const choose = (purpose: string, model: string) =>
      system.app.perform(caller, 'ai_choices.set', { purpose, models: [{ connectionId, model }] });
    await choose('chat', 'demo');
    await choose('extract', 'scripted:order');
    simulator.putScript({
      name: 'order',
      rules: [
        { when: { system: 'Read the data' }, reply: { text: '{"number":12,"city":"Ulm"}' } },
        { when: { system: 'labels' }, reply: { text: '{"label":"order"}' } },
      ],
    });
  });
  after(() => simulator.close());

  const schema = {
    type: 'object',
    properties: { number: { type: 'integer' }, city: { type: 'string' } },
    required: ['number', 'city'],
  };
  const extract = { id: 'read', type: 'ai', task: 'extract', input: { text: 'Order 12 for Ulm' }, schema };

  it('reads out what later steps use with its types, and its calls are in the log with the run', async () => {
    const sort = {
      id: 'sort',
      type: 'ai',
      task: 'classify',
      input: { text: 'x', labels: ['order', 'question'] },
    };
    const write = {
      id: 'write',
      type: 'ai',
      task: 'generate',
      input: { prompt: 'Hello {{ steps.read.output.data.city }}' },
    };
    const run = await runOnce(
      system.app,
      caller,
      manual(
        [
          extract,
          sort,
          write,
          set('seen', {
            next: '{{ steps.read.output.data.number + 1.0 }}',
            label: '{{ steps.sort.output.label }}',
          }),
        ],
        'trigger > read',
        'read > sort',
        'sort > write',
        'write > seen',
      ),
    );
    assert.equal(run.status, 'succeeded', run.error?.message);
    assert.deepEqual(stepOf(run, 'seen').output, { inline: { next: 13, label: 'order' } });
    const { items } = (await system.app.perform(caller, 'ai_calls.list', { runId: run.id })) as {
      items: { step: string }[];
    };
    assert.deepEqual(items.map(({ step }) => step).sort(), ['read', 'sort', 'write']);
  });

  it('is refused at publishing where a later step uses what is not read out, or nothing is said to be', async () => {
    const wrong = manual(
      [extract, set('seen', { next: '{{ steps.read.output.data.street }}' })],
      'trigger > read',
      'read > seen',
    );
    await assert.rejects(buildAutomation(system.app, caller, wrong), { code: 'validation' });
    const { schema: _, ...bare } = extract;
    await assert.rejects(buildAutomation(system.app, caller, manual([bare], 'trigger > read')), {
      code: 'validation',
    });
  });

  it('fails the step when the budget does not allow it, before anything is spent', async () => {
    await system.app.perform(caller, 'budgets.create', {
      name: 'None',
      scope: 'organization',
      period: 'day',
      limitMinor: 0,
    });
    const before = simulator.requests.length;
    const run = await runOnce(system.app, caller, manual([extract], 'trigger > read'));
    assert.equal(run.status, 'failed');
    assert.equal(stepOf(run, 'read').error?.code, 'budget_exceeded');
    assert.equal(simulator.requests.length, before);
  });
});
