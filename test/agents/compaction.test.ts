import assert from 'node:assert/strict';
import { z } from 'zod';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import {
  agentRunIs,
  askAgent,
  buildAgent,
  buildModels,
  simulatorKey,
  wordsOf,
} from '../builders/build-agent.js';
import { buildOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { workingSystem } from '../system.js';

describe('a conversation that becomes too long for its model', () => {
  let simulator: RunningSimulator;
  before(async () => {
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
  });
  after(() => simulator.close());

  it('is summed up, at a cost that is counted, while the words that were said stay', async () => {
    const { app } = await workingSystem();
    const org = await buildOrganization(app);
    const model = 'scripted:long';
    const connectionId = await buildModels(app, org.caller, simulator, [model]);
    await app.perform(org.caller, 'ai_models.set', {
      ...{ provider: 'openai_compatible', model, title: model, contextTokens: 4_000, maxOutputTokens: 500 },
      abilities: ['chat', 'tools', 'json_schema'],
      price: { input: 100, cachedInput: 10, output: 400 },
    });
    simulator.putScript({
      name: 'long',
      rules: [
        { when: { lastUser: 'sum up this' }, reply: { text: 'They spoke of numbers.' } },
        { when: {}, reply: { text: 'Yes. '.repeat(200) } },
      ],
    });
    const agentId = await buildAgent(app, org.caller, { model: { connectionId, model } });
    const runId = await askAgent(app, org.caller, agentId, `Number 1: ${'one '.repeat(300)}`);
    await agentRunIs(app, org.caller, runId, 'idle');
    for (let number = 2; number <= 6; number += 1) {
      await app.perform(org.caller, 'agent_runs.send', {
        id: runId,
        text: `Number ${number}: ${'so '.repeat(400)}`,
      });
      await eventually(`number ${number} is answered`, async () => {
        const said = await wordsOf(app, org.caller, runId);
        return said.filter((text) => text.startsWith('assistant: Yes')).length === number ? true : undefined;
      });
    }
    const said = await wordsOf(app, org.caller, runId);
    assert.equal(said.filter((text) => text.startsWith('user: Number')).length, 6);
    assert.ok(said.includes('summary: They spoke of numbers.'));
    const requests = simulator.requests.map(({ body }) => JSON.stringify(body));
    const summing = requests.filter((body) => body.includes('Sum up this conversation'));
    const last = requests.at(-1) ?? '';
    assert.ok(last.includes('They spoke of numbers.') && last.includes('Number 6'));
    assert.ok(!last.includes('Number 1'), 'the first words are told no more');
    assert.ok(last.length < 12_000);
    const Calls = z.object({ items: z.array(z.looseObject({ purpose: z.string() })) });
    const calls = Calls.parse(await app.perform(org.caller, 'ai_calls.list', { runId }));
    assert.equal(calls.items.length, 6 + summing.length);
    const run = await agentRunIs(app, org.caller, runId, 'idle');
    assert.ok(run.costMinor > 0);
  });
});
