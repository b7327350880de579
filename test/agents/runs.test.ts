import assert from 'node:assert/strict';
import type { App } from '#app.js';
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
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { workingSystem } from '../system.js';

describe('Runs of agents', () => {
  let app: App;
  let org: BuiltOrganization;
  let simulator: RunningSimulator;
  let connectionId: string;
  let projectId: string;

  before(async () => {
    ({ app } = await workingSystem());
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    org = await buildOrganization(app);
    connectionId = await buildModels(app, org.caller, simulator, [
      'scripted:tasks',
      'scripted:mail',
      'looping',
    ]);
    projectId = (await buildProject(app, org.caller)).id;
  });
  after(() => simulator.close());

  it('performs the tools that its model asks for, and answers; a conversation goes on', async () => {
    simulator.putScript({
      name: 'tasks',
      rules: [
        {
          when: { lastUser: 'two tasks', toolResult: false },
          reply: {
            text: 'I will make them.',
            toolCalls: ['One', 'Two'].map((title) => ({
              name: 'tasks-create',
              arguments: { projectId, title },
            })),
          },
        },
        { when: { toolResult: true }, reply: { text: 'Both are made.' } },
        { when: { lastUser: 'thanks' }, reply: { text: 'You are welcome.' } },
      ],
    });
    const agentId = await buildAgent(app, org.caller, {
      model: { connectionId, model: 'scripted:tasks' },
      actions: [{ name: 'tasks.create' }],
    });
    const runId = await askAgent(app, org.caller, agentId, 'Make two tasks');
    const run = await agentRunIs(app, org.caller, runId, 'idle', 'failed');
    assert.equal(run.status, 'idle', JSON.stringify(run.error));
    assert.deepEqual(await wordsOf(app, org.caller, runId), [
      'user: Make two tasks',
      'assistant: I will make them.',
      'assistant: Both are made.',
    ]);
    assert.deepEqual(
      (await stepsOf(app, org.caller, runId)).map(({ kind, tool, status }) => [kind, tool, status]),
      [
        ['model', null, 'succeeded'],
        ['tool', 'tasks-create', 'succeeded'],
        ['tool', 'tasks-create', 'succeeded'],
        ['model', null, 'succeeded'],
      ],
    );
    assert.deepEqual(await listTaskTitles(app, org.caller, projectId), ['One', 'Two']);
    assert.ok(run.costMinor > 0);

    await app.perform(org.caller, 'agent_runs.send', { id: runId, text: 'thanks' });
    await agentRunIs(app, org.caller, runId, 'idle');
    assert.equal((await wordsOf(app, org.caller, runId)).at(-1), 'assistant: You are welcome.');
  });

  it('waits for consent to what leaves the organization, with arguments that whoever consents may change', async () => {
    simulator.putScript({
      name: 'mail',
      rules: [
        {
          when: { toolResult: false },
          reply: {
            toolCalls: [{ name: 'tasks-delete', arguments: { id: '0199a8f0-0000-7000-8000-000000000001' } }],
          },
        },
        { when: { toolResult: true }, reply: { text: 'It came to: {{lastResult}}' } },
      ],
    });
    const agentId = await buildAgent(app, org.caller, {
      model: { connectionId, model: 'scripted:mail' },
      actions: [{ name: 'tasks.delete' }],
    });
    const runId = await askAgent(app, org.caller, agentId, 'Clean up');
    const approval = await openApproval(app, org.caller, runId);
    assert.equal(approval.call.action, 'tasks.delete');
    assert.equal((await agentRunIs(app, org.caller, runId, 'waiting')).status, 'waiting');
    await app.perform(org.caller, 'approvals.decide', {
      id: approval.id,
      decision: 'rejected',
      comment: 'Keep it',
    });
    await agentRunIs(app, org.caller, runId, 'idle');
    assert.match((await wordsOf(app, org.caller, runId)).at(-1) ?? '', /rejected it: Keep it/);
  });
});
