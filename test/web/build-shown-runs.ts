import { z } from 'zod';
import type { App } from '#app.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import type { BuiltOrganization } from '../builders/build-organization.js';
import { deliver } from '../builders/deliver.js';
import { finishedRun, runThat, startedRuns, startRun } from '../builders/watch-runs.js';

const Templates = z.object({
  items: z.array(z.object({ key: z.string(), document: z.looseObject({}) })),
});
const Created = z.object({ id: z.uuid() });
const Published = z.object({ webhookUrl: z.url() });
const Imported = z.object({ items: z.array(z.object({ automation: z.object({ id: z.uuid() }) })) });

/** Automations that have run, one of them without success, and one that waits for somebody. */
export async function buildShownRuns(app: App, { caller, orgId }: BuiltOrganization, projectId: string) {
  const { id: connection } = await buildSlackConnection(app, caller, 'http://127.0.0.1:9/api/');
  const draft = orders(projectId, connection);
  const made = await app.perform(caller, 'automations.create', { name: draft.name, draft });
  const { id: automationId } = Created.parse(made);
  await app.perform(caller, 'automations.publish', { id: automationId });
  for (const amount of [20, 35, 12]) {
    await finishedRun(app, caller, await startRun(app, caller, automationId, { amount, customer: 'Ada' }));
  }
  const runId = await startRun(app, caller, automationId, { amount: 900, customer: 'Grace' });
  await finishedRun(app, caller, runId);

  const { items } = Templates.parse(await app.perform(caller, 'automations.list_templates', {}));
  const document = items.find(({ key }) => key === 'ask-before-refund')?.document;
  const parameters = { project: projectId };
  const imported = Imported.parse(await app.perform(caller, 'automations.import', { document, parameters }));
  const id = imported.items[0]?.automation.id ?? '';
  const { webhookUrl } = Published.parse(await app.perform(caller, 'automations.publish', { id }));
  await deliver(app, { orgId, webhookUrl }, { amount: '120 €', customer: 'Linus' });
  const [waitingRunId = ''] = await startedRuns(app, caller, id);
  await runThat(app, caller, waitingRunId, 'it waits', ({ status }) => status === 'waiting');
  return { automationId, runId, waitingRunId };
}

/** Large orders are told in Slack, which does not answer. */
function orders(projectId: string, connection: string) {
  return {
    name: 'Watch large orders',
    trigger: { type: 'manual' },
    nodes: [
      { id: 'is_large', type: 'if', input: { condition: '{{ trigger.amount >= 500 }}' } },
      {
        id: 'task',
        type: 'action',
        action: 'tasks.create',
        input: { projectId, title: 'Call {{ trigger.customer }} about the order', priority: 'high' },
      },
      {
        id: 'tell',
        type: 'action',
        action: 'slack.post_message',
        connection,
        input: { channel: '#sales', text: '{{ steps.task.output.title }}' },
        retry: { attempts: 2, backoff: '1s' },
      },
      { id: 'small', type: 'set', input: { values: { note: 'Nothing to do' } } },
    ],
    edges: [
      { source: 'trigger', target: 'is_large' },
      { source: 'is_large', sourceHandle: 'true', target: 'task' },
      { source: 'is_large', sourceHandle: 'false', target: 'small' },
      { source: 'task', target: 'tell' },
    ],
  };
}
