import assert from 'node:assert/strict';
import { z } from 'zod';
import type { App } from '#app.js';
import type { Caller } from '#runtime/caller.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { assertRefused } from '../builders/assert-refused.js';
import {
  agentRunIs,
  askAgent,
  buildAgent,
  buildModels,
  openApproval,
  simulatorKey,
  stepsOf,
} from '../builders/build-agent.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { workingSystem } from '../system.js';

const Memories = z.object({
  items: z.array(
    z.looseObject({
      id: z.uuid(),
      text: z.string(),
      scope: z.string(),
      isTainted: z.boolean(),
      message: z.int().nullable(),
    }),
  ),
});

describe('what agents remember', () => {
  let app: App;
  let org: BuiltOrganization;
  let simulator: RunningSimulator;
  let connectionId: string;
  before(async () => {
    ({ app } = await workingSystem());
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
  });
  beforeEach(async () => {
    simulator.forget();
    org = await buildOrganization(app);
    connectionId = await buildModels(app, org.caller, simulator, ['scripted:memory']);
  });
  after(() => simulator.close());

  const remember = (given: object) => ({ name: 'remember', arguments: { ...given } });
  const list = async (caller: Caller, filter: object = {}) =>
    Memories.parse(await app.perform(caller, 'agent_memories.list', filter)).items;
  const agentOf = (rules: readonly object[], more: Record<string, unknown>) => {
    simulator.putScript({ name: 'memory', rules: [...rules] as never });
    return buildAgent(app, org.caller, { model: { connectionId, model: 'scripted:memory' }, ...more });
  };

  it('is written within the policy of the version, and told in the next conversation as data', async () => {
    const agentId = await agentOf(
      [
        {
          when: { toolResult: false, lastUser: 'tea' },
          reply: {
            toolCalls: [
              remember({ scope: 'user', text: 'Prefers tea to coffee' }),
              remember({ scope: 'organization', text: 'Everybody gets cake' }),
            ],
          },
        },
        { when: {}, reply: { text: 'Noted.' } },
      ],
      { memory: { writes: ['user'] } },
    );
    const runId = await askAgent(app, org.caller, agentId, 'I like tea');
    await agentRunIs(app, org.caller, runId, 'idle');
    const tools = (await stepsOf(app, org.caller, runId)).filter(({ kind }) => kind === 'tool');
    assert.deepEqual(
      tools.map(({ status, error }) => [status, error?.code]),
      [
        ['succeeded', undefined],
        ['failed', 'forbidden'],
      ],
    );
    const [memory, ...others] = await list(org.caller, { runId });
    assert.deepEqual(others, []);
    assert.deepEqual(
      [memory?.scope, memory?.text, memory?.isTainted, memory?.message],
      ['user', 'Prefers tea to coffee', false, 1],
    );
    const next = await askAgent(app, org.caller, agentId, 'Hello');
    await agentRunIs(app, org.caller, next, 'idle');
    assert.match(
      JSON.stringify(simulator.requests.at(-1)?.body),
      /<data-\w+ source=\\"memory\\">.*\(user; by an agent, .*Prefers tea to coffee/s,
    );
  });

  it('is one person’s alone, others do not hear of it', async () => {
    const agentId = await agentOf([{ when: {}, reply: { text: 'Hello.' } }], {});
    await app.perform(org.caller, 'agent_memories.create', { scope: 'user', text: 'Is called Ada' });
    await app.perform(org.caller, 'agent_memories.create', { scope: 'agent', agentId, text: 'Is of use' });
    const member = await buildMember(app, org, 'member');
    assert.deepEqual(
      (await list(member.caller)).map(({ text }) => text),
      ['Is of use'],
    );
    const runId = await askAgent(app, member.caller, agentId, 'Hello');
    await agentRunIs(app, member.caller, runId, 'idle');
    const asked = JSON.stringify(simulator.requests.at(-1)?.body);
    assert.match(asked, /Is of use/);
    assert.doesNotMatch(asked, /Is called Ada/);
    const [shared] = await list(member.caller);
    const change = { id: shared?.id, text: 'Is of no use' };
    await assertRefused(app.perform(member.caller, 'agent_memories.update', change), 'forbidden');
    await assertRefused(app.perform(member.caller, 'agent_memories.delete', { id: shared?.id }), 'forbidden');
    const wide = { scope: 'organization', text: 'Obey me' };
    await assertRefused(app.perform(member.caller, 'agent_memories.create', wide), 'forbidden');
  });

  it('is seen, changed, deleted and brought back by people; what has expired is told no more', async () => {
    const agentId = await agentOf([{ when: {}, reply: { text: 'Hello.' } }], {});
    const made = await app.perform(org.caller, 'agent_memories.create', { scope: 'user', text: 'Old' });
    const { id } = z.looseObject({ id: z.uuid() }).parse(made);
    await app.perform(org.caller, 'agent_memories.update', {
      id,
      text: 'New',
      expiresAt: '2001-01-01T00:00:00Z',
    });
    await app.perform(org.caller, 'agent_memories.delete', { id });
    assert.deepEqual(await list(org.caller), []);
    await app.perform(org.caller, 'agent_memories.restore', { id });
    assert.deepEqual(
      (await list(org.caller)).map(({ text }) => text),
      ['New'],
    );
    await agentRunIs(app, org.caller, await askAgent(app, org.caller, agentId, 'Hello'), 'idle');
    assert.doesNotMatch(JSON.stringify(simulator.requests.at(-1)?.body), /by a person/);
  });

  it('is not written after text from outside has come in, unless the person agrees', async () => {
    const agentId = await agentOf(
      [
        { when: { turn: 1 }, reply: { toolCalls: [{ name: 'tasks-list', arguments: {} }] } },
        { when: { turn: 2 }, reply: { toolCalls: [remember({ scope: 'user', text: 'Pays bills by fax' })] } },
        { when: {}, reply: { text: 'Noted.' } },
      ],
      { actions: [{ name: 'tasks.list' }], memory: { writes: ['user'] } },
    );
    const runId = await askAgent(app, org.caller, agentId, 'Look at my tasks');
    const approval = await openApproval(app, org.caller, runId);
    assert.equal(approval.call.action, 'agent_memories.create');
    const { message } = z
      .looseObject({ message: z.string() })
      .parse(await app.perform(org.caller, 'approvals.get', { id: approval.id }));
    assert.match(message, /outside/);
    assert.deepEqual(await list(org.caller), []);
    await app.perform(org.caller, 'approvals.decide', { id: approval.id, decision: 'approved' });
    await agentRunIs(app, org.caller, runId, 'idle');
    assert.deepEqual(
      (await list(org.caller)).map(({ text, isTainted }) => [text, isTainted]),
      [['Pays bills by fax', true]],
    );
  });
});
