import assert from 'node:assert/strict';
import { and, count, eq, isNotNull } from 'drizzle-orm';
import { runs, tasks } from '#db/schema/index.js';
import { edges } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type DurableSystem, durableSystem } from './durable-system.js';
import { sendUntilAccepted } from './send-webhook.js';

const runCount = 300;
const senders = 6;

describe('a storm of crashes', function () {
  this.timeout(300_000);
  let system: DurableSystem;
  let slack: TestSlack;
  before(async () => {
    [system, slack] = await Promise.all([durableSystem(), openTestSlack()]);
    await Promise.all([system.api.start(), system.worker.start()]);
  });

  it('leaves every run to its end, and repeats no effect of any', async () => {
    const { app, stack, api, worker } = system;
    const { orgId, caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const connection = await buildSlackConnection(app, caller, slack.apiUrl);
    const retry = { attempts: 20, backoff: '1s', maxBackoff: '2s' };
    const task = (id: string, title: string) => ({
      id,
      type: 'action',
      action: 'tasks.create',
      input: { projectId: project.id, title },
      retry,
    });
    const automation = await buildAutomation(app, caller, {
      name: 'Storm',
      trigger: { type: 'webhook' },
      nodes: [
        task('begun', 'begun {{ trigger.body.name }}'),
        {
          id: 'tell',
          type: 'action',
          action: 'slack.post_message',
          connection: connection.id,
          input: { channel: '#{{ trigger.body.name }}', text: 'told {{ trigger.body.name }}' },
          retry,
        },
        { id: 'rest', type: 'wait', input: { duration: '2s' } },
        { id: 'all', type: 'join', input: { mode: 'all' } },
        task('done', 'done {{ trigger.body.name }}'),
      ],
      edges: edges(
        'trigger > begun',
        'trigger > tell',
        'trigger > rest',
        'begun > all',
        'tell > all',
        'rest > all',
        'all > done',
      ),
    });
    const names = Array.from({ length: runCount }, (_, index) => `n${1000 + index}`);

    const progress = async () => {
      const [row] = await app.services.database.withOrg(orgId, (transaction) =>
        transaction
          .select({ finished: count() })
          .from(runs)
          .where(and(eq(runs.automationId, automation.id), isNotNull(runs.finishedAt))),
      );
      return row?.finished ?? 0;
    };
    const waiting = [...names];
    const send = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        await sendUntilAccepted(automation.webhookUrl, name, { name });
      }
    };
    const sending = Promise.all(Array.from({ length: senders }, send));

    /** Crashes one part while deliveries come in and runs are under way. */
    const crashAfter = async (sent: number, part: { kill(): Promise<void>; start(): Promise<void> }) => {
      await eventually(`${sent} are sent`, () => (runCount - waiting.length >= sent ? true : undefined));
      await part.kill();
      await part.start();
    };
    await crashAfter(40, worker);
    await crashAfter(100, api);
    await crashAfter(160, stack.postgres);
    await crashAfter(220, stack.temporal);
    await crashAfter(280, worker);
    const calm = performance.now();
    await sending;
    await eventually(
      'every run has finished',
      async () => ((await progress().catch(() => 0)) === runCount ? true : undefined),
      200_000,
    );
    console.log(
      `      all had ended ${((performance.now() - calm) / 1000).toFixed(1)} s after the last crash`,
    );

    const [outcomes, made] = await app.services.database.withOrg(orgId, (transaction) =>
      Promise.all([
        transaction
          .select({ status: runs.status, runs: count() })
          .from(runs)
          .where(eq(runs.automationId, automation.id))
          .groupBy(runs.status),
        transaction.select({ title: tasks.title }).from(tasks).where(eq(tasks.projectId, project.id)),
      ]),
    );
    assert.deepEqual(outcomes, [{ status: 'succeeded', runs: runCount }]);
    const titles = names.flatMap((name) => [`begun ${name}`, `done ${name}`]);
    assert.deepEqual(made.map(({ title }) => title).sort(), titles.sort());
    assert.deepEqual(
      slack.server.messages.map(({ text }) => text).sort(),
      names.map((name) => `told ${name}`),
    );
  });
});
