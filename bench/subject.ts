import { z } from 'zod';
import type { App } from '#app.js';
import type { Caller } from '#runtime/caller.js';
import type { Stack } from '#stack/stack.js';
import { buildAutomation, chain } from '#test/builders/build-automation.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';

/** The system under measurement, with one organization in it. */
export interface Subject {
  app: App;
  stack: Stack;
  orgId: string;
  caller: Caller;
  projectId: string;
}

const WithId = z.object({ id: z.uuid() });

/** Signs an organization up and gives it a project. */
export async function createSubject(app: App, stack: Stack): Promise<Subject> {
  const { orgId, caller } = await buildOrganization(app);
  const project = await buildProject(app, caller);
  return { app, stack, orgId, caller, projectId: project.id };
}

/** An automation of three domain actions, each of which needs the one before. */
export async function threeTasks({ app, caller, projectId }: Subject): Promise<string> {
  const create = (id: string, title: string) => ({
    id,
    type: 'action',
    action: 'tasks.create',
    input: { projectId, title },
  });
  const nodes = [
    create('first', 'One'),
    create('second', 'After {{ steps.first.output.title }}'),
    create('third', 'After {{ steps.second.output.title }}'),
  ];
  return (await buildAutomation(app, caller, chain({ type: 'manual' }, nodes))).id;
}

/** An automation that posts three messages, each of which needs the one before. */
export async function threeMessages({ app, caller }: Subject, connection: string): Promise<string> {
  const post = (id: string, text: string) => ({
    id,
    type: 'action',
    action: 'slack.post_message',
    connection,
    input: { channel: '#bench', text },
  });
  const nodes = [
    post('first', 'One'),
    post('second', 'After {{ steps.first.output.ts }}'),
    post('third', 'After {{ steps.second.output.ts }}'),
  ];
  return (await buildAutomation(app, caller, chain({ type: 'manual' }, nodes))).id;
}

/** A webhook that only computes. */
export async function webhookToSet({ app, caller }: Subject) {
  const nodes = [{ id: 'values', type: 'set', input: { values: { name: '{{ trigger.body.name }}' } } }];
  return buildAutomation(app, caller, chain({ type: 'webhook' }, nodes));
}

/** A webhook that computes three values, each of the one before. */
export async function webhookToThreeSets({ app, caller }: Subject) {
  const set = (id: string, value: string) => ({ id, type: 'set', input: { values: { value } } });
  const nodes = [
    set('one', '{{ size(trigger.body.name) + 1 }}'),
    set('two', '{{ steps.one.output.value * 2 }}'),
    set('three', '{{ steps.two.output.value - 1 }}'),
  ];
  return buildAutomation(app, caller, chain({ type: 'webhook' }, nodes));
}

/** A webhook that makes a task. */
export async function webhookToTask({ app, caller, projectId }: Subject) {
  const input = { projectId, title: 'From a webhook: {{ trigger.body.name }}' };
  const nodes = [{ id: 'task', type: 'action', action: 'tasks.create', input }];
  return buildAutomation(app, caller, chain({ type: 'webhook' }, nodes));
}

/** A connection to a local server that speaks Slack's protocol. */
export async function connectSlack({ app, caller }: Subject, apiUrl: string): Promise<string> {
  const input = { connector: 'slack', name: 'Bench', config: { apiUrl }, secret: { token: 'xoxb-bench' } };
  return WithId.parse(await app.perform(caller, 'connections.create', input)).id;
}

/** Starts a run by hand. Returns its id. */
export async function startRun(
  { app, caller }: Subject,
  automationId: string,
  input: object = {},
): Promise<string> {
  return WithId.parse(await app.perform(caller, 'automations.run', { id: automationId, input })).id;
}
