import assert from 'node:assert/strict';
import { z } from 'zod';
import type { App } from '#app.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { assertRefused } from '../builders/assert-refused.js';
import {
  agentRunIs,
  askAgent,
  buildAgent,
  buildModels,
  simulatorKey,
  stepsOf,
  wordsOf,
} from '../builders/build-agent.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';

type Rules = Parameters<RunningSimulator['putScript']>[0]['rules'];

const Runs = z.object({
  items: z.array(z.looseObject({ id: z.uuid(), status: z.string(), agentId: z.uuid() })),
});

describe('the engine of agents', () => {
  let system: TestSystem;
  let app: App;
  let org: BuiltOrganization;
  let simulator: RunningSimulator;
  let connectionId: string;
  let count = 0;

  before(async () => {
    system = await workingSystem();
    ({ app } = system);
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    org = await buildOrganization(app);
    const models = Array.from({ length: 30 }, (_, index) => `scripted:engine${index}`);
    connectionId = await buildModels(app, org.caller, simulator, ['looping', ...models]);
  });
  after(() => simulator.close());

  /** An agent with a script of its own. */
  async function agentOf(rules: Rules, definition: Record<string, unknown> = {}): Promise<string> {
    count += 1;
    simulator.putScript({ name: `engine${count}`, rules });
    return buildAgent(app, org.caller, {
      name: `Engine ${count}`,
      model: { connectionId, model: `scripted:engine${count}` },
      ...definition,
    });
  }
  const perform = (action: string, input: object) => app.perform(org.caller, action, input);
  const ask = (agentId: string, text = 'Go', options = {}) =>
    askAgent(app, org.caller, agentId, text, options);
  const is = (runId: string, ...statuses: string[]) => agentRunIs(app, org.caller, runId, ...statuses);
  const steps = (runId: string) => stepsOf(app, org.caller, runId);
  const words = (runId: string) => wordsOf(app, org.caller, runId);
  const call = (name: string, given: Record<string, unknown> = {}) => ({ name, arguments: given });
  const hang: Rules[number] = { when: {}, times: 1, reply: { failure: { kind: 'hang' } } };
  const saying = (text: string): Rules[number] => ({ when: {}, reply: { text } });
  const calling = (...toolCalls: { name: string; arguments: Record<string, unknown> }[]): Rules[number] => ({
    when: { toolResult: false },
    reply: { toolCalls },
  });
  const told: Rules[number] = { when: { toolResult: true }, reply: { text: 'It came to: {{lastResult}}' } };
  const requestsOf = (agentNumber: number) =>
    simulator.requests.filter(({ model }) => model === `scripted:engine${agentNumber}`);
  const speaking = (agentNumber: number) =>
    simulator.until(() => requestsOf(agentNumber).some(({ state }) => state === 'in_flight'));

  it('cancels the call of the model at its provider within a second', async () => {
    const agentId = await agentOf([hang, saying('Never')]);
    const runId = await ask(agentId);
    await speaking(count);
    const at = Date.now();
    await perform('agent_runs.cancel', { id: runId });
    const own = count;
    await simulator.until(() => requestsOf(own).some(({ state }) => state === 'cancelled'));
    const ended = requestsOf(own)[0]?.endedAt ?? Number.POSITIVE_INFINITY;
    assert.ok(ended - at < 1_000, `it took ${ended - at} ms`);
    await is(runId, 'cancelled');
    assert.equal(requestsOf(own).length, 1);
    await assertRefused(perform('agent_runs.cancel', { id: runId }), 'conflict');
  });

  it('halts while the model speaks, and asks it again when it goes on', async () => {
    const agentId = await agentOf([hang, saying('Here')]);
    const runId = await ask(agentId);
    await speaking(count);
    await perform('agent_runs.pause', { id: runId });
    const own = count;
    await simulator.until(() => requestsOf(own).some(({ state }) => state === 'cancelled'));
    await is(runId, 'paused');
    assert.equal(requestsOf(own).length, 1);
    await perform('agent_runs.resume', { id: runId });
    await is(runId, 'idle');
    assert.deepEqual(await words(runId), ['user: Go', 'assistant: Here']);
  });

  it('halts with its agent, and with all agents of the organization', async () => {
    const agentId = await agentOf([{ ...hang, times: 2 }, saying('Here')]);
    const own = count;
    const runId = await ask(agentId);
    await speaking(own);
    await perform('agents.pause', { id: agentId });
    await simulator.until(() => requestsOf(own).some(({ state }) => state === 'cancelled'));
    await is(runId, 'paused');
    await assertRefused(perform('agents.run', { id: agentId, text: 'Go' }), 'conflict');
    await perform('agents.resume', { id: agentId });
    await eventually('the model is asked again', () =>
      requestsOf(own)[1]?.state === 'in_flight' ? true : undefined,
    );
    await perform('ai_settings.stop_agents', {});
    await is(runId, 'paused');
    await perform('ai_settings.resume_agents', {});
    await is(runId, 'idle');
    assert.equal((await words(runId)).at(-1), 'assistant: Here');
  });

  it('goes on from a halt where it waits for an answer, and takes one answer only', async () => {
    const agentId = await agentOf([calling(call('ask_person', { question: 'Which?' })), told]);
    const runId = await ask(agentId);
    await is(runId, 'waiting');
    await perform('agent_runs.pause', { id: runId });
    await is(runId, 'paused');
    const step = (await steps(runId)).find(({ kind }) => kind === 'tool')?.number;
    const answer = () => perform('agent_runs.answer', { id: runId, step, text: 'The red one' });
    const results = await Promise.allSettled([answer(), answer()]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await perform('agent_runs.resume', { id: runId });
    await is(runId, 'idle');
    assert.match((await words(runId)).at(-1) ?? '', /The red one/);
  });

  it('waits for a moment, and is cancelled while it does', async () => {
    const agentId = await agentOf([calling(call('wait', { minutes: 60 })), told]);
    const runId = await ask(agentId);
    await is(runId, 'waiting');
    await perform('agent_runs.cancel', { id: runId });
    await is(runId, 'cancelled');
    assert.deepEqual(
      (await steps(runId)).map(({ status }) => status),
      ['succeeded', 'cancelled'],
    );
    const other = await ask(agentId);
    await is(other, 'waiting');
    await openOwner(system.stack)`
      UPDATE agent_steps SET waits_until = now() WHERE run_id = ${other} AND status = 'waiting'`;
    await perform('agent_runs.resume', { id: other });
    await is(other, 'idle');
    assert.match((await words(other)).at(-1) ?? '', /waitedUntil/);
  });

  it('hands work on, whose end it waits for and which ends with it', async () => {
    const helper = await agentOf([saying('42')], { name: 'Helper' });
    const slow = await agentOf([hang, saying('Late')], { name: 'Slow' });
    const own = count;
    const delegating = (agent: string) => [
      calling(call('delegate', { agent, task: 'How much is it?' })),
      told,
    ];
    const first = await agentOf(delegating('Helper'), { delegates: [helper] });
    const runId = await ask(first);
    await is(runId, 'idle');
    assert.match((await words(runId)).at(-1) ?? '', /42/);
    const { items } = Runs.parse(await perform('agent_runs.list', { parentRunId: runId }));
    assert.deepEqual(
      items.map(({ agentId, status }) => [agentId, status]),
      [[helper, 'succeeded']],
    );
    const second = await ask(await agentOf(delegating('Slow'), { delegates: [slow] }));
    await speaking(own);
    await perform('agent_runs.cancel', { id: second });
    await simulator.until(() => requestsOf(own).some(({ state }) => state === 'cancelled'));
    const child = await eventually('the other run is cancelled', async () => {
      const runs = Runs.parse(await perform('agent_runs.list', { parentRunId: second }));
      return runs.items.find(({ status }) => status === 'cancelled');
    });
    assert.equal(child.agentId, slow);
  });

  it('hands work on so often and no more', async () => {
    // Two that hand to each other, by name, without end.
    const names = ['Ping', 'Pong'];
    const [ping, pong] = [
      await agentOf([calling(call('delegate', { agent: 'Pong', task: 'Yours' })), told], { name: 'Ping' }),
      await agentOf([calling(call('delegate', { agent: 'Ping', task: 'Yours' })), told], { name: 'Pong' }),
    ];
    for (const [id, other] of [
      [ping, pong],
      [pong, ping],
    ]) {
      const { draft } = z
        .looseObject({ draft: z.looseObject({}) })
        .parse(await perform('agents.get', { id }));
      await perform('agents.update', { id, draft: { ...draft, delegates: [other] } });
      await perform('agents.publish', { id });
    }
    const runId = await ask(ping ?? '');
    await is(runId, 'idle');
    const [row] = await openOwner(system.stack)`
      SELECT max(depth)::integer AS depth FROM agent_runs WHERE agent_id = ANY (${[ping, pong]}::uuid[])`;
    assert.deepEqual([names.length, row?.depth], [2, 4]);
    assert.match((await words(runId)).at(-1) ?? '', /handed on too often/);
  });

  it('stops at the limit of steps with a summary, for which it is offered no tools', async () => {
    const agentId = await buildAgent(app, org.caller, {
      name: 'Looping',
      model: { connectionId, model: 'looping' },
      actions: [{ name: 'tasks.list' }],
      limits: { steps: 3 },
    });
    const runId = await ask(agentId);
    await is(runId, 'idle');
    const models = (await steps(runId)).filter(({ kind }) => kind === 'model');
    assert.equal(models.length, 4);
    const last = simulator.requests.filter(({ model }) => model === 'looping').at(-1);
    const Body = z.looseObject({
      tools: z.array(z.unknown()).optional(),
      messages: z.array(z.looseObject({ content: z.unknown() })),
    });
    const { tools = [], messages } = Body.parse(last?.body);
    assert.deepEqual(tools, []);
    assert.match(JSON.stringify(messages.at(-1)?.content), /limit of steps/);
  });

  it('stops at the limit of calls of tools, and at that of minutes', async () => {
    const limited = (limits: object) =>
      agentOf([calling(call('tasks-list')), told], { actions: [{ name: 'tasks.list' }], limits });
    const byTools = await ask(await limited({ toolCalls: 0 }));
    await is(byTools, 'idle');
    assert.deepEqual(
      (await steps(byTools)).map(({ kind }) => kind),
      ['model'],
    );
    const waiting = [calling(call('wait', { minutes: 60 })), told];
    const byTime = await ask(await agentOf(waiting, { limits: { minutes: 1 } }));
    const own = count;
    await is(byTime, 'waiting');
    const owner = openOwner(system.stack);
    await owner`UPDATE agent_runs SET turn_started_at = now() - interval '2 minutes' WHERE id = ${byTime}`;
    await owner`UPDATE agent_steps SET waits_until = now() WHERE run_id = ${byTime} AND status = 'waiting'`;
    await perform('agent_runs.resume', { id: byTime });
    await is(byTime, 'idle');
    assert.match(JSON.stringify(requestsOf(own).at(-1)?.body), /limit of steps/);
  });

  it('tells the model of tools that there are not, of arguments that are none, and of too many at once', async () => {
    const unknown = await ask(await agentOf([calling(call('tasks-explode')), told]));
    await is(unknown, 'idle');
    assert.match((await words(unknown)).at(-1) ?? '', /There is no tool tasks-explode/);

    const malformed: Rules[number] = {
      when: { toolResult: false },
      reply: { toolCalls: [call('tasks-list')], failure: { kind: 'malformed_json', where: 'arguments' } },
    };
    const broken = await ask(await agentOf([malformed, told], { actions: [{ name: 'tasks.list' }] }));
    await is(broken, 'idle');
    assert.match((await words(broken)).at(-1) ?? '', /not a JSON object/);

    const { id: projectId } = await buildProject(app, org.caller);
    const many = Array.from({ length: 22 }, (_, index) =>
      call('tasks-create', { projectId, title: `Task ${index}` }),
    );
    const runId = await ask(await agentOf([calling(...many), told], { actions: [{ name: 'tasks.create' }] }));
    await is(runId, 'idle');
    assert.equal((await listTaskTitles(app, org.caller, projectId)).length, 20);
    const refused = (await steps(runId)).filter(({ error }) => error?.code === 'limit_exceeded');
    assert.equal(refused.length, 2);
  });

  it('refuses the very same call after three times', async () => {
    const rules: Rules = [
      { when: { turn: { from: 1, to: 5 } }, reply: { toolCalls: [call('tasks-list', { limit: 1 })] } },
      saying('Enough'),
    ];
    const runId = await ask(await agentOf(rules, { actions: [{ name: 'tasks.list' }] }));
    await is(runId, 'idle');
    const tools = (await steps(runId)).filter(({ kind }) => kind === 'tool');
    assert.deepEqual(
      tools.map(({ status }) => status),
      ['succeeded', 'succeeded', 'succeeded', 'failed', 'failed'],
    );
  });

  it('heeds what a person adds while the model speaks, all of it', async () => {
    const slow: Rules[number] = {
      when: { turn: 1 },
      reply: { text: 'First', failure: { kind: 'slow', firstTokenMs: 1_500 } },
    };
    const runId = await ask(await agentOf([slow, saying('You said: {{lastUser}}')]));
    const own = count;
    await speaking(own);
    await perform('agent_runs.send', { id: runId, text: 'and this' });
    await perform('agent_runs.send', { id: runId, text: 'and that' });
    await eventually('it has answered what was said last', async () =>
      (await words(runId)).at(-1) === 'assistant: You said: and that' ? true : undefined,
    );
    assert.match(JSON.stringify(requestsOf(own).at(-1)?.body), /and this.*and that/s);
    assert.equal(requestsOf(own).length, 2);
  });

  it('takes the same words once where a click is made twice', async () => {
    const runId = await ask(await agentOf([saying('Hello')]));
    await is(runId, 'idle');
    const send = () =>
      app.perform(org.caller, 'agent_runs.send', { id: runId, text: 'Again' }, { idempotencyKey: runId });
    await Promise.allSettled([send(), send()]);
    await send();
    await is(runId, 'idle');
    assert.equal((await words(runId)).filter((said) => said === 'user: Again').length, 1);
  });

  it('fails when the provider refuses for good, and goes on when it is tried again', async () => {
    const agentId = await agentOf([saying('Here')]);
    simulator.failNext(1, { kind: 'context_length' }, `scripted:engine${count}`);
    const runId = await ask(agentId);
    const { error } = await is(runId, 'failed');
    assert.ok(error);
    await perform('agent_runs.retry', { id: runId });
    await is(runId, 'idle');
    assert.deepEqual(await words(runId), ['user: Go', 'assistant: Here']);
  });

  it('can be renamed, put away and brought back', async () => {
    const runId = await ask(await agentOf([saying('Here')]));
    await is(runId, 'idle');
    await perform('agent_runs.update', { id: runId, title: 'About tasks' });
    await perform('agent_runs.delete', { id: runId });
    for (const [action, input] of [
      ['agent_runs.get', {}],
      ['agent_runs.send', { text: 'Hello' }],
      ['agent_runs.delete', {}],
    ] as const)
      await assertRefused(perform(action, { id: runId, ...input }), 'not_found');
    const { items } = Runs.parse(await perform('agent_runs.list', { limit: 200 }));
    assert.ok(!items.some(({ id }) => id === runId));
    const back = await perform('agent_runs.restore', { id: runId });
    assert.equal(z.looseObject({ title: z.string() }).parse(back).title, 'About tasks');
    await assertRefused(perform('agent_runs.restore', { id: runId }), 'conflict');
    await perform('agent_runs.send', { id: runId, text: 'Hello' });
    await eventually('it answers again', async () => ((await words(runId)).length === 4 ? true : undefined));
  });

  it('is deleted with what it was granted and what it does; restored, it has to be published anew', async () => {
    const agentId = await agentOf([hang, saying('Here')]);
    const runId = await ask(agentId);
    await speaking(count);
    await perform('agents.delete', { id: agentId });
    await is(runId, 'cancelled');
    const restored = z
      .looseObject({ status: z.string() })
      .parse(await perform('agents.restore', { id: agentId }));
    assert.equal(restored.status, 'paused');
    await assertRefused(perform('agents.resume', { id: agentId }), 'conflict');
    await perform('agents.publish', { id: agentId });
    await is(await ask(agentId), 'idle');
  });

  it('lists, compares and restores versions, and makes a copy', async () => {
    const agentId = await agentOf([saying('Here')], { actions: [{ name: 'tasks.list' }] });
    const draft = { instructions: 'Help more.', actions: [{ name: 'tasks.list', approval: 'always' }] };
    await perform('agents.update', { id: agentId, draft });
    const Diff = z.object({
      isChanged: z.boolean(),
      fields: z.array(z.looseObject({ field: z.string() })),
      actions: z.looseObject({ changed: z.array(z.looseObject({ name: z.string() })) }),
    });
    const diff = Diff.parse(await perform('agents.diff', { id: agentId, from: 1 }));
    assert.deepEqual(
      [diff.isChanged, diff.fields.map(({ field }) => field), diff.actions.changed.map(({ name }) => name)],
      [true, ['instructions', 'model'], ['tasks.list']],
    );
    await perform('agents.publish', { id: agentId, note: 'More help' });
    const Versions = z.object({
      items: z.array(z.looseObject({ version: z.int(), note: z.string() })),
      nextBefore: z.int().nullable(),
    });
    const page = Versions.parse(await perform('agents.list_versions', { id: agentId, limit: 1 }));
    assert.deepEqual(
      page.items.map(({ version, note }) => [version, note]),
      [[2, 'More help']],
    );
    assert.equal(page.nextBefore, 2);
    await perform('agents.restore_version', { id: agentId, publishedVersion: 1 });
    const same = Diff.parse(await perform('agents.diff', { id: agentId, from: 1 }));
    assert.equal(same.isChanged, false);
    const Copy = z.looseObject({ name: z.string(), status: z.string(), draft: z.unknown() });
    const copy = Copy.parse(await perform('agents.duplicate', { id: agentId }));
    const first = Copy.parse(await perform('agents.get', { id: agentId }));
    assert.deepEqual([copy.name, copy.status], [`${first.name} (copy)`, 'draft']);
    assert.deepEqual(copy.draft, first.draft);
  });

  it('reminds of an approval after 4 and 20 hours, once each, and lets it expire after 24', async () => {
    const { id: projectId } = await buildProject(app, org.caller);
    const agentId = await agentOf([calling(call('projects-delete', { id: projectId })), told], {
      actions: [{ name: 'projects.delete' }],
    });
    const runId = await ask(agentId);
    await is(runId, 'waiting');
    const owner = openOwner(system.stack);
    const subjects = async () => {
      const [row] = await owner`
        SELECT count(*)::integer AS count FROM outgoing_mails, waits
        WHERE waits.agent_run_id = ${runId} AND outgoing_mails.org_id = waits.org_id
          AND position(waits.id::text in outgoing_mails.dedupe_key) > 0`;
      return row?.count;
    };
    const later = async (hours: number) => {
      await owner`UPDATE waits SET created_at = now() - make_interval(hours => ${hours}),
        expires_at = now() + make_interval(hours => ${24 - hours}) WHERE agent_run_id = ${runId}`;
      // Looks twice: the second look tells nobody again.
      await perform('agent_runs.resume', { id: runId });
      await perform('agent_runs.resume', { id: runId });
    };
    const sent = (number: number) =>
      eventually(`reminder ${number} is sent`, async () => {
        const [row] = await owner`SELECT reminders_sent FROM waits WHERE agent_run_id = ${runId}`;
        return row?.reminders_sent === number ? true : undefined;
      });
    const asked = await subjects();
    await later(5);
    await sent(1);
    assert.equal(await subjects(), asked + 1);
    await later(21);
    await sent(2);
    assert.equal(await subjects(), asked + 2);
    await later(24);
    await is(runId, 'idle');
    assert.match((await words(runId)).at(-1) ?? '', /Nobody has approved it in time/);
    await perform('projects.get', { id: projectId });
  });
});
