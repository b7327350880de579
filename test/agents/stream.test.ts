import assert from 'node:assert/strict';
import { z } from 'zod';
import { type OpenStream, openStream } from '#api/testing/stream-client.js';
import type { Caller } from '#runtime/caller.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { agentRunIs, askAgent, buildAgent, buildModels, simulatorKey } from '../builders/build-agent.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { memberOf } from '../builders/build-role.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { workingSystem } from '../system.js';

const Message = z.looseObject({ number: z.int() });
type Told = { event: string; id: string | undefined; data: unknown };

describe('the live stream of a run of an agent', () => {
  let system: ServedSystem;
  let org: BuiltOrganization;
  let simulator: RunningSimulator;
  let agentId: string;
  const opened: OpenStream[] = [];
  before(async () => {
    await workingSystem();
    system = await servedSystem();
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    org = await buildOrganization(system.app);
    const connectionId = await buildModels(system.app, org.caller, simulator, ['scripted:stream']);
    simulator.putScript({
      name: 'stream',
      rules: [
        {
          when: { lastUser: 'look', toolResult: false },
          reply: { text: 'Looking.', toolCalls: [{ name: 'tasks-list', arguments: {} }] },
        },
        { when: {}, reply: { text: 'You said: {{lastUser}}' } },
      ],
    });
    agentId = await buildAgent(system.app, org.caller, {
      model: { connectionId, model: 'scripted:stream' },
      actions: [{ name: 'tasks.list' }],
    });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((stream) => stream.close()));
  });
  after(() => simulator.close());

  type Person = Parameters<ServedSystem['app']['services']['accessTokens']['issue']>[0];

  async function open(caller: Person, runId: string, lastId?: string): Promise<OpenStream> {
    const token = await system.app.services.accessTokens.issue(caller);
    const stream = await openStream(`${system.address}/v1/agent-runs/${runId}/events`, {
      authorization: `Bearer ${token}`,
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    });
    opened.push(stream);
    return stream;
  }

  /** The messages that come, up to the one of this number, with the ids by which to go on after each. */
  async function messagesUpTo(stream: OpenStream, last: number): Promise<{ number: number; id: string }[]> {
    const messages: { number: number; id: string }[] = [];
    while ((messages.at(-1)?.number ?? 0) < last) {
      const told: Told | undefined = await stream.next();
      assert.ok(told, 'the stream goes on');
      if (told.event === 'message')
        messages.push({ number: Message.parse(told.data).number, id: told.id ?? '' });
    }
    return messages;
  }
  const numbers = (messages: readonly { number: number }[]) => messages.map(({ number }) => number);
  const send = (caller: Caller, id: string, text: string) =>
    system.app.perform(caller, 'agent_runs.send', { id, text });

  it('tells each message once and in its order, and goes on where a reader had got to', async () => {
    const runId = await askAgent(system.app, org.caller, agentId, 'look');
    const stream = await open(org.caller, runId);
    const first = await messagesUpTo(stream, 3);
    assert.deepEqual(numbers(first), [1, 2, 3]);
    await stream.close();
    await agentRunIs(system.app, org.caller, runId, 'idle');
    await send(org.caller, runId, 'more');
    await agentRunIs(system.app, org.caller, runId, 'idle');
    const again = await open(org.caller, runId, first[1]?.id);
    assert.deepEqual(numbers(await messagesUpTo(again, 5)), [3, 4, 5]);
    await send(org.caller, runId, 'and more');
    assert.deepEqual(numbers(await messagesUpTo(again, 7)), [6, 7]);
  });

  it('ends with the run', async () => {
    const runId = await askAgent(system.app, org.caller, agentId, 'Do it', { isTask: true });
    const stream = await open(org.caller, runId);
    const events: string[] = [];
    for (let told = await stream.next(); told; told = await stream.next()) events.push(told.event);
    assert.equal(events.at(-1), 'end');
    assert.equal(events.filter((event) => event === 'message').length, 2);
  });

  it('ends with an error once its reader may not see it any more', async () => {
    const member = await buildMember(system.app, org, 'member');
    const runId = await askAgent(system.app, member.caller, agentId, 'Hello');
    await agentRunIs(system.app, member.caller, runId, 'idle');
    const stream = await open(member.caller, runId);
    await messagesUpTo(stream, 2);
    const { id } = await memberOf(system.app, org.caller, member.userId);
    await system.app.perform(org.caller, 'members.deactivate', { id });
    await system.app.perform(org.caller, 'agent_runs.pause', { id: runId });
    let last: Told | undefined;
    for (let told = await stream.next(); told; told = await stream.next()) last = told;
    assert.equal(last?.event, 'error');
  });

  it('is not there for another organization, nor for another member', async () => {
    const runId = await askAgent(system.app, org.caller, agentId, 'Hello');
    const other = await buildOrganization(system.app);
    const member = await buildMember(system.app, org, 'member');
    for (const { caller } of [other, member]) {
      const token = await system.app.services.accessTokens.issue(caller);
      const response = await fetch(`${system.address}/v1/agent-runs/${runId}/events`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(response.status, 404);
    }
  });
});
