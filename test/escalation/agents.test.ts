import assert from 'node:assert/strict';
import { z } from 'zod';
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
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildMemberWith, memberOf, roleWithKey } from '../builders/build-role.js';
import { buildTask } from '../builders/build-task.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { type TestSystem, workingSystem } from '../system.js';

const Id = z.object({ id: z.uuid() });

describe('an agent reaches no more than its grant and its person together', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  let member: BuiltMember;
  let simulator: RunningSimulator;
  let connectionId: string;
  before(async () => {
    system = await workingSystem();
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    member = await buildMember(system.app, acme, 'member');
    connectionId = await buildModels(system.app, acme.caller, simulator, ['scripted:rights']);
  });
  after(() => simulator.close());

  const perform = (caller: Caller, action: string, input: object) =>
    system.app.perform(caller, action, input);

  /** An agent that makes this call once, and then tells what came of it. */
  const agentCalling = (tool: string, given: object, actions: readonly object[]) => {
    simulator.putScript({
      name: 'rights',
      rules: [
        { when: { toolResult: false }, reply: { toolCalls: [{ name: tool, arguments: { ...given } }] } },
        { when: { toolResult: true }, reply: { text: 'It came to: {{lastResult}}' } },
      ],
    });
    return buildAgent(system.app, acme.caller, {
      model: { connectionId, model: 'scripted:rights' },
      actions,
    });
  };
  const firstTool = async (caller: Caller, runId: string) =>
    (await stepsOf(system.app, caller, runId)).find(({ kind }) => kind === 'tool');

  it('does not do what its maker may, but not the person for whom it acts', async () => {
    const agentId = await agentCalling('projects-create', { name: 'Taken' }, [{ name: 'projects.create' }]);
    const runId = await askAgent(system.app, member.caller, agentId, 'Make a project');
    await agentRunIs(system.app, member.caller, runId, 'idle');
    assert.equal((await firstTool(member.caller, runId))?.error?.code, 'forbidden');
  });

  it('does not do what its person may, but it was not granted', async () => {
    const { id } = await buildProject(system.app, acme.caller);
    const agentId = await agentCalling('tasks-create', { projectId: id, title: 'Taken' }, [
      { name: 'tasks.list' },
    ]);
    const runId = await askAgent(system.app, acme.caller, agentId, 'Make a task');
    await agentRunIs(system.app, acme.caller, runId, 'idle');
    assert.equal((await firstTool(acme.caller, runId))?.error?.code, 'not_found');
    assert.deepEqual(await listTaskTitles(system.app, acme.caller, id), []);
  });

  it('does not do what was approved once its person has lost the right to it', async () => {
    const task = await buildTask(system.app, acme.caller);
    const agentId = await agentCalling('tasks-delete', { id: task.id }, [{ name: 'tasks.delete' }]);
    const runId = await askAgent(system.app, member.caller, agentId, 'Delete it');
    const approval = await openApproval(system.app, member.caller, runId);
    await perform(member.caller, 'agent_runs.pause', { id: runId });
    await perform(member.caller, 'approvals.decide', { id: approval.id, decision: 'approved' });
    const { id } = await memberOf(system.app, acme.caller, member.userId);
    const { id: roleId } = await roleWithKey(system.app, acme.caller, 'guest');
    await perform(acme.caller, 'members.update', { id, roleId });
    await perform(acme.caller, 'agent_runs.resume', { id: runId });
    await agentRunIs(system.app, acme.caller, runId, 'idle', 'failed');
    assert.equal((await firstTool(acme.caller, runId))?.status, 'failed');
    await perform(acme.caller, 'tasks.get', { id: task.id });
  });

  it('is not granted by its publisher what that person lacks', async () => {
    const maker = await buildMemberWith(system.app, acme, ['agents:*', 'tasks:read', 'identity:read']);
    const draft = { instructions: 'Help.', actions: [{ name: 'tasks.read' }, { name: 'tasks.delete' }] };
    const { id } = Id.parse(await perform(maker.caller, 'agents.create', { name: 'Wide', draft }));
    const error = await assertRefused(perform(maker.caller, 'agents.publish', { id }), 'validation');
    assert.deepEqual(
      error.issues?.map(({ path }) => path),
      ['draft.actions.0.name', 'draft.actions.1.name'],
    );
    const remembering = { instructions: 'Help.', memory: { writes: ['organization'] } };
    await perform(maker.caller, 'agents.update', { id, draft: remembering });
    await assertRefused(perform(maker.caller, 'agents.publish', { id }), 'validation', 'draft.memory.writes');
  });

  it('is not published with connections and agents of another organization', async () => {
    const other = await buildOrganization(system.app);
    const theirs = await buildAgent(system.app, other.caller, {});
    const draft = {
      instructions: 'Help.',
      model: { connectionId: await buildModels(system.app, other.caller, simulator, []), model: 'm' },
      delegates: [theirs],
    };
    const { id } = Id.parse(await perform(acme.caller, 'agents.create', { name: 'Wide', draft }));
    const error = await assertRefused(perform(acme.caller, 'agents.publish', { id }), 'validation');
    assert.deepEqual(error.issues?.map(({ path }) => path).sort(), [
      'draft.delegates.0',
      'draft.model.connectionId',
    ]);
  });

  it('that is restricted is not there for others, until they are let in', async () => {
    const agentId = await buildAgent(system.app, acme.caller, {});
    const use = () => perform(member.caller, 'agents.run', { id: agentId, text: 'Hello' });
    await perform(acme.caller, 'agents.set_access', { id: agentId, isRestricted: true });
    await assertRefused(use(), 'not_found');
    await assertRefused(perform(member.caller, 'agents.get', { id: agentId }), 'not_found');
    await assertRefused(
      perform(member.caller, 'agents.set_access', { id: agentId, isRestricted: false }),
      'forbidden',
    );
    const { id: roleId } = await roleWithKey(system.app, acme.caller, 'member');
    await perform(acme.caller, 'agents.set_access', { id: agentId, isRestricted: true, roles: [roleId] });
    await use();
    const named = { id: agentId, isRestricted: true, users: [acme.userId] };
    assert.deepEqual(await perform(acme.caller, 'agents.set_access', named), {
      ...{ isRestricted: true, users: [acme.userId], roles: [] },
    });
    await assertRefused(use(), 'not_found');
  });

  it('is not read, answered or led by another member', async () => {
    const agentId = await agentCalling('ask_person', { question: 'Which?' }, []);
    const runId = await askAgent(system.app, member.caller, agentId, 'Ask me');
    await agentRunIs(system.app, member.caller, runId, 'waiting');
    const step = (await firstTool(member.caller, runId))?.number;
    const other = await buildMember(system.app, acme, 'member');
    const tries: [string, object][] = [
      ['agent_runs.get', {}],
      ['agent_runs.list_messages', {}],
      ['agent_runs.list_steps', {}],
      ['agent_runs.send', { text: 'Hello' }],
      ['agent_runs.answer', { step, text: 'This' }],
      ['agent_runs.cancel', {}],
      ['agent_runs.delete', {}],
      ['agent_runs.update', { title: 'Taken' }],
    ];
    for (const [action, input] of tries)
      await assertRefused(perform(other.caller, action, { id: runId, ...input }), 'not_found');
    // Those who may read the runs of others speak in nobody's place.
    const answer = { id: runId, step, text: 'This' };
    await assertRefused(perform(acme.caller, 'agent_runs.answer', answer), 'forbidden');
    await assertRefused(perform(acme.caller, 'agent_runs.send', { id: runId, text: 'Hi' }), 'forbidden');
    await perform(member.caller, 'agent_runs.answer', answer);
    await agentRunIs(system.app, member.caller, runId, 'idle');
  });
});
