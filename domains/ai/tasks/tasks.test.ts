import assert from 'node:assert/strict';
import type { App } from '#app.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { buildModels, simulatorKey } from '#test/builders/build-agent.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { testSystem } from '#test/system.js';

describe('Tasks for language models', () => {
  let app: App;
  let org: BuiltOrganization;
  let simulator: RunningSimulator;
  let connectionId: string;

  before(async () => {
    ({ app } = await testSystem());
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    org = await buildOrganization(app);
    connectionId = await buildModels(app, org.caller, simulator, ['demo', 'scripted:task']);
  });
  beforeEach(() => simulator.forget());
  after(() => simulator.close());

  const ask = (name: string, input: object, model = 'demo') =>
    app.perform(org.caller, name, { ...input, model: { connectionId, model } }) as Promise<
      Record<string, unknown>
    >;

  it('write, sort, judge and sum up', async () => {
    const { text, isComplete, costMinor } = await ask('ai.generate', { prompt: 'Hello, who are you?' });
    assert.match(String(text), /demo/i);
    assert.equal(isComplete, true);
    assert.ok(Number(costMinor) > 0);
    const bug = 'The app crashes with an error whenever I open the invoice page';
    const labels = ['crash or error', 'invoice question', 'praise'];
    assert.ok(labels.includes(String((await ask('ai.classify', { text: bug, labels })).label)));
    assert.equal((await ask('ai.sentiment', { text: 'I love it, great work!' })).sentiment, 'positive');
    const long =
      'WorkSynapse runs the work of organizations. It has automations. It has agents. It has tasks.';
    const { summary } = await ask('ai.summarize', { text: long });
    assert.ok(String(summary).length > 0);
  });

  const order = {
    type: 'object',
    properties: { number: { type: 'integer' }, city: { type: 'string' } },
    required: ['number', 'city'],
  };

  it('read data of a form out of a text, and send back once what does not fit', async () => {
    simulator.putScript({
      name: 'task',
      rules: [
        { when: {}, times: 1, reply: { text: '{"number":"twelve"}' } },
        {
          when: { lastUser: 'must have required property' },
          reply: { text: '```json\n{"number":12,"city":"Ulm"}\n```' },
        },
      ],
    });
    const { data } = await ask('ai.extract', { text: 'Order 12 for Ulm', schema: order }, 'scripted:task');
    assert.deepEqual(data, { number: 12, city: 'Ulm' });
    assert.equal(simulator.requests.length, 2);
  });

  it('fail, and name what does not fit, where that does not help', async () => {
    simulator.putScript({ name: 'task', rules: [{ when: {}, reply: { text: 'I would rather not.' } }] });
    await assert.rejects(ask('ai.extract', { text: 'x', schema: order }, 'scripted:task'), {
      code: 'validation',
      issues: [{ path: 'output', message: 'it is not JSON' }],
    });
    await assert.rejects(ask('ai.extract', { text: 'x', schema: { type: 'nonsense' } }, 'scripted:task'), {
      code: 'validation',
    });
  });

  it('are done once for one key, and spare the cost of the second call', async () => {
    const input = { prompt: 'Hello', model: { connectionId, model: 'demo' } };
    const first = await app.perform(org.caller, 'ai.generate', input, { idempotencyKey: 'once' });
    assert.deepEqual(await app.perform(org.caller, 'ai.generate', input, { idempotencyKey: 'once' }), first);
    assert.equal(simulator.requests.length, 1);
  });
});
