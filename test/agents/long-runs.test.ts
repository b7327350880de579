import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import type { App } from '#app.js';
import { agentWorkflowId } from '#core/agents/run.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { agentRunIs, askAgent, buildAgent, buildModels, simulatorKey } from '../builders/build-agent.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';

const Page = z.object({ items: z.array(z.looseObject({ number: z.int() })), nextAfter: z.int().nullable() });

/** What the engine suggests to end a part of a history at, and what one step may add to it. */
const mostEvents = 4_096 + 100;

describe('much work of agents', function () {
  this.timeout(600_000);
  let system: TestSystem;
  let app: App;
  let org: BuiltOrganization;
  let simulator: RunningSimulator;
  let connectionId: string;
  before(async () => {
    system = await workingSystem();
    ({ app } = system);
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
    org = await buildOrganization(app);
    connectionId = await buildModels(app, org.caller, simulator, ['scripted:many', 'scripted:short']);
  });
  after(() => simulator.close());

  /** Waits until a run is idle, for minutes. */
  const ended = async (runId: string) => {
    const owner = openOwner(system.stack);
    await eventually(
      `run ${runId} ends`,
      async () => {
        const [row] = await owner`SELECT status FROM agent_runs WHERE id = ${runId}`;
        return ['idle', 'failed'].includes(row?.status) ? true : undefined;
      },
      500_000,
    );
    return agentRunIs(app, org.caller, runId, 'idle');
  };

  it('in one run is one conversation to its reader, and never a long history', async () => {
    simulator.putScript({
      name: 'many',
      rules: [
        {
          when: { turn: { from: 1, to: 299 } },
          reply: {
            text: 'Step {{turn}}.',
            toolCalls: [{ name: 'tasks-get', arguments: { id: '{{turn}}' } }],
          },
        },
        { when: {}, reply: { text: 'All done.' } },
      ],
    });
    const agentId = await buildAgent(app, org.caller, {
      model: { connectionId, model: 'scripted:many' },
      actions: [{ name: 'tasks.get' }],
      limits: { steps: 300, toolCalls: 1_000, minutes: 1_000 },
    });
    const runId = await askAgent(app, org.caller, agentId, 'Take many steps');
    await ended(runId);
    const numbers: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: z.output<typeof Page> = Page.parse(
        await app.perform(org.caller, 'agent_runs.list_messages', { id: runId, after, limit: 200 }),
      );
      numbers.push(...page.items.map(({ number }) => number));
      after = page.nextAfter;
    }
    assert.deepEqual(
      numbers,
      Array.from({ length: 301 }, (_, index) => index + 1),
    );
    const connection = await Connection.connect({ address: system.configuration.TEMPORAL_ADDRESS });
    onTestsEnd(() => connection.close());
    const client = createTemporalClient(system.configuration, connection);
    const { historyLength } = await client.workflow.getHandle(agentWorkflowId(org.orgId, runId)).describe();
    assert.ok(historyLength <= mostEvents, `${historyLength} events`);
  });

  it('in a hundred runs at once ends in as many answers', async () => {
    simulator.putScript({ name: 'short', rules: [{ when: {}, reply: { text: 'Done.' } }] });
    const agentId = await buildAgent(app, org.caller, { model: { connectionId, model: 'scripted:short' } });
    const owner = openOwner(system.stack);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        askAgent(app, org.caller, agentId, `Task ${index}`, { isTask: true }),
      ),
    );
    const statuses = await eventually(
      'all have ended',
      async () => {
        const rows =
          await owner`SELECT status FROM agent_runs WHERE agent_id = ${agentId} AND finished_at IS NOT NULL`;
        return rows.length === 100 ? rows.map(({ status }) => status) : undefined;
      },
      300_000,
    );
    assert.deepEqual([...new Set(statuses)], ['succeeded']);
    const [attempts] = await owner`
      SELECT max(attempts)::integer AS most FROM agent_steps JOIN agent_runs ON agent_runs.id = run_id
      WHERE agent_id = ${agentId}`;
    assert.equal(attempts?.most, 1);
  });
});
