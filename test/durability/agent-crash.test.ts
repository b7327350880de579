import assert from 'node:assert/strict';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import {
  agentRunIs,
  askAgent,
  buildAgent,
  buildModels,
  openApproval,
  simulatorKey,
  stepsOf,
  wordsOf,
} from '../builders/build-agent.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

describe('a worker that crashes while agents are at work', function () {
  this.timeout(180_000);
  let system: DurableSystem;
  let slack: TestSlack;
  let simulator: RunningSimulator;
  let org: BuiltOrganization;
  let models: string;
  let slackId: string;
  let projectId: string;

  before(async () => {
    [system, slack] = await Promise.all([durableSystem(), openTestSlack()]);
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    await system.worker.start();
    org = await buildOrganization(system.app);
    models = await buildModels(system.app, org.caller, simulator, ['scripted:crash']);
    slackId = (await buildSlackConnection(system.app, org.caller, slack.apiUrl)).id;
    projectId = (await buildProject(system.app, org.caller)).id;
  });
  beforeEach(() => simulator.forget());
  after(() => simulator.close());

  /** An agent that does what the rules of its script say. */
  async function agentOf(
    rules: readonly object[],
    approval: 'never' | 'by_effect' = 'never',
  ): Promise<string> {
    simulator.putScript({ name: 'crash', rules: [...rules] as never });
    return buildAgent(system.app, org.caller, {
      model: { connectionId: models, model: 'scripted:crash' },
      actions: [{ name: 'tasks.create' }, { name: 'slack.post_message', connection: slackId, approval }],
    });
  }

  const post = (text: string) => ({ name: 'slack-post_message', arguments: { channel: '#bugs', text } });
  const done = { when: { toolResult: true }, reply: { text: 'Done.' } };

  it('while the model is asked asks once more, and answers once', async () => {
    const agentId = await agentOf([
      { when: {}, times: 1, reply: { failure: { kind: 'hang' } } },
      { when: {}, reply: { text: 'Here I am.' } },
    ]);
    const runId = await askAgent(system.app, org.caller, agentId, 'Hello');
    await simulator.until((requests) => requests.length === 1);
    await system.worker.kill();
    await system.worker.start();
    await agentRunIs(system.app, org.caller, runId, 'idle');
    assert.deepEqual(await wordsOf(system.app, org.caller, runId), ['user: Hello', 'assistant: Here I am.']);
    assert.equal(simulator.requests.length, 2);
  });

  it('while Slack has the message but its answer is out posts no second one', async () => {
    const before = slack.server.messages.length;
    const agentId = await agentOf([
      { when: { toolResult: false }, reply: { toolCalls: [post('Held')] } },
      done,
    ]);
    slack.proxy.hold();
    const runId = await askAgent(system.app, org.caller, agentId, 'Tell #bugs');
    await eventually('the message is posted', () =>
      slack.server.messages.length > before && slack.proxy.heldCount > 0 ? true : undefined,
    );
    await system.worker.kill();
    slack.proxy.release();
    await system.worker.start();
    await agentRunIs(system.app, org.caller, runId, 'idle');
    assert.equal(slack.server.messages.length - before, 1);
  });

  it('while people are asked takes up their consent afterwards, once', async () => {
    const before = slack.server.messages.length;
    const rules = [{ when: { toolResult: false }, reply: { toolCalls: [post('Agreed')] } }, done];
    const agentId = await agentOf(rules, 'by_effect');
    const runId = await askAgent(system.app, org.caller, agentId, 'Tell #bugs');
    const { id } = await openApproval(system.app, org.caller, runId);
    await system.worker.kill();
    const given = { id, decision: 'approved', arguments: { channel: '#bugs', text: 'Changed' } };
    await system.app.perform(org.caller, 'approvals.decide', given);
    await assert.rejects(system.app.perform(org.caller, 'approvals.decide', given), { code: 'conflict' });
    assert.equal(slack.server.messages.length, before);
    await system.worker.start();
    await agentRunIs(system.app, org.caller, runId, 'idle');
    assert.deepEqual(
      slack.server.messages.slice(before).map(({ text }) => text),
      ['Changed'],
    );
  });

  it('again and again loses nothing and does nothing twice', async () => {
    const rules = Array.from({ length: 6 }, (_, index) => ({
      when: { turn: index + 1 },
      reply: { toolCalls: [{ name: 'tasks-create', arguments: { projectId, title: `Task ${index}` } }] },
    }));
    const agentId = await agentOf([...rules, { when: { turn: 7 }, reply: { text: 'All six.' } }]);
    const runId = await askAgent(system.app, org.caller, agentId, 'Make six tasks');
    for (let crash = 1; crash <= 3; crash += 1) {
      await eventually(`${crash * 2 - 1} calls of the model were made`, () =>
        simulator.requests.length >= crash * 2 - 1 ? true : undefined,
      );
      await system.worker.kill();
      await system.worker.start();
    }
    await agentRunIs(system.app, org.caller, runId, 'idle');
    const titles = (await listTaskTitles(system.app, org.caller, projectId)).filter((title) =>
      title.startsWith('Task'),
    );
    assert.deepEqual(
      titles,
      [0, 1, 2, 3, 4, 5].map((index) => `Task ${index}`),
    );
    const steps = await stepsOf(system.app, org.caller, runId);
    assert.equal(steps.length, 13);
    assert.ok(steps.every(({ status }) => status === 'succeeded'));
  });
});
