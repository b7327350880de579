import { agentWorkflowId } from '#core/agents/run.js';
import { startSimulator } from '#stack/simulator/start-simulator.js';
import {
  agentRunIs,
  askAgent,
  buildAgent,
  buildModels,
  openApproval,
  simulatorKey,
} from '../builders/build-agent.js';
import type { BuiltOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { onTestsEnd } from '../closing.js';
import type { TestSystem } from '../system.js';

type AgentShape = (system: TestSystem, organization: BuiltOrganization) => Promise<string>;

/**
 * Runs of agents, by name. Each returns the id of its workflow, which stays a while for what may still be said: its history is read as it
 * is then.
 */
export const agentShapes: Readonly<Record<string, AgentShape>> = {
  async 'agent-run'({ app }, { orgId, caller }) {
    const simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    onTestsEnd(() => simulator.close());
    const connectionId = await buildModels(app, caller, simulator, ['scripted:shape']);
    const { id } = await buildProject(app, caller);
    const create = { name: 'tasks-create', arguments: { projectId: id, title: 'Task {{turn}}' } };
    simulator.putScript({
      name: 'shape',
      rules: [
        { when: { turn: 1 }, reply: { toolCalls: [create, { name: 'tasks-list', arguments: {} }] } },
        { when: { turn: 2 }, reply: { toolCalls: [{ name: 'projects-delete', arguments: { id } }] } },
        { when: {}, reply: { text: 'Done.' } },
      ],
    });
    const agentId = await buildAgent(app, caller, {
      model: { connectionId, model: 'scripted:shape' },
      actions: [{ name: 'tasks.create' }, { name: 'tasks.list' }, { name: 'projects.delete' }],
    });
    const runId = await askAgent(app, caller, agentId, 'Work');
    const approval = await openApproval(app, caller, runId);
    await app.perform(caller, 'approvals.decide', { id: approval.id, decision: 'approved' });
    await agentRunIs(app, caller, runId, 'idle');
    await app.perform(caller, 'agent_runs.send', { id: runId, text: 'Thanks' });
    await agentRunIs(app, caller, runId, 'idle');
    return agentWorkflowId(orgId, runId);
  },
};
