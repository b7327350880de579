import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import type { TestSlack } from '../slack.js';
import type { DurableSystem } from './durable-system.js';

export interface TicketAutomation extends BuiltOrganization {
  automationId: string;
  webhookUrl: string;
  projectId: string;
}

/** A published automation that makes a task of each webhook, named by its body's title, and then tells a channel. */
export async function buildTicketAutomation(
  { app }: DurableSystem,
  slack: TestSlack,
): Promise<TicketAutomation> {
  const organization = await buildOrganization(app);
  const { caller } = organization;
  const project = await buildProject(app, caller);
  const connection = await buildSlackConnection(app, caller, slack.apiUrl);
  const { id, webhookUrl } = await buildAutomation(app, caller, {
    name: 'Ticket',
    trigger: { type: 'webhook' },
    nodes: [
      {
        id: 'task',
        type: 'action',
        action: 'tasks.create',
        input: { projectId: project.id, title: '{{ trigger.body.title }}' },
      },
      {
        id: 'tell',
        type: 'action',
        action: 'slack.post_message',
        connection: connection.id,
        input: { channel: '#support', text: 'New: {{ steps.task.output.title }}' },
        retry: { attempts: 20, backoff: '1s', maxBackoff: '1s' },
      },
    ],
    edges: [
      { source: 'trigger', target: 'task' },
      { source: 'task', target: 'tell' },
    ],
  });
  return { ...organization, automationId: id, webhookUrl, projectId: project.id };
}
