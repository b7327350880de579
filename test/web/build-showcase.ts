import type { App } from '#app.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { buildShownRuns } from './build-shown-runs.js';
import { buildShownSettings } from './build-shown-settings.js';

export interface Showcase extends BuiltOrganization {
  projectId: string;
  taskId: string;
  automationId: string;
  /** Of an automation that is not published. */
  draftId: string;
  /** One whose draft is not what was published last. */
  changedId: string;
  /** One that has failed. */
  runId: string;
  /** One that waits for an approval. */
  waitingRunId: string;
  /** Of the managers. */
  roleId: string;
}

type Fields = NonNullable<Parameters<typeof buildTask>[2]>;

/** An organization in the middle of its work, as screens are looked at. */
export async function buildShowcase(app: App): Promise<Showcase> {
  const acme = await buildOrganization(app, { name: 'Northwind' });
  const { userId: other, caller: manager } = await buildMember(app, acme, 'manager');
  const { id: projectId } = await buildProject(app, acme.caller, {
    name: 'Spring release',
    description: 'What goes out in April.',
  });
  for (const name of ['Customer onboarding', 'Office move', 'Brand refresh'])
    await buildProject(app, acme.caller, { name });
  const due = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const tasks: Fields[] = [
    {
      title: 'Write the release notes',
      status: 'in_progress',
      priority: 'high',
      assigneeId: acme.userId,
      dueDate: due(2),
      labels: ['docs'],
    },
    {
      title: 'Invoices show the wrong currency for Swiss customers',
      status: 'in_progress',
      priority: 'urgent',
      assigneeId: other,
      dueDate: due(-1),
      labels: ['bug', 'billing'],
    },
    { title: 'Ask the pilot customers for quotes', status: 'todo', priority: 'medium', assigneeId: other },
    { title: 'Export of reports as spreadsheet', status: 'todo', priority: 'low', labels: ['feature'] },
    {
      title: 'Shorten the sign-up to one page',
      status: 'todo',
      priority: 'high',
      assigneeId: acme.userId,
      labels: ['growth'],
    },
    {
      title: 'Keyboard help lists every shortcut',
      status: 'in_review',
      priority: 'medium',
      assigneeId: acme.userId,
    },
    { title: 'Load test with two thousand tasks', status: 'in_review', priority: 'none', dueDate: due(9) },
    { title: 'Choose the colours of the charts', status: 'done', priority: 'low', assigneeId: other },
    {
      title: 'Sign the contract with the venue',
      status: 'done',
      priority: 'medium',
      assigneeId: acme.userId,
    },
    { title: 'Printed manual', status: 'cancelled', priority: 'none' },
  ];
  const made = [];
  for (const fields of tasks) made.push(await buildTask(app, acme.caller, { projectId, ...fields }));
  const [first] = made;
  if (!first) throw new Error('No task was made');
  await app.perform(acme.caller, 'tasks.update', {
    id: first.id,
    description:
      'What changed since winter, for customers who read one page.\n\n- Boards that are live\n- Signing in by passkey\n- Automations that wait for people',
  });
  await buildTask(app, manager, {
    projectId,
    title: 'Book the photographer',
    status: 'todo',
    assigneeId: acme.userId,
  });
  const { roleId } = await buildShownSettings(app, acme);
  const draftId = await buildReleaseAutomation(app, acme, projectId);
  const changedId = await buildChangedAutomation(app, acme);
  const shown = await buildShownRuns(app, acme, projectId);
  return { ...acme, projectId, taskId: first.id, draftId, changedId, roleId, ...shown };
}

async function buildReleaseAutomation(
  app: App,
  { caller, userId }: BuiltOrganization,
  projectId: string,
): Promise<string> {
  const draft = {
    name: 'Announce the release',
    trigger: { type: 'event', input: { event: 'task.created' } },
    nodes: [
      {
        id: 'is_large',
        type: 'if',
        name: 'Is it worth telling?',
        input: { condition: '{{ trigger.priority != "none" }}' },
      },
      {
        id: 'each',
        type: 'loop',
        name: 'For every channel',
        input: { items: "{{ ['web', 'mail', 'press'] }}" },
      },
      {
        id: 'task',
        type: 'action',
        action: 'tasks.create',
        name: 'Create task',
        input: { projectId, title: 'Announce on {{ item }}' },
      },
      {
        id: 'ask',
        type: 'approval',
        name: 'Ask the release manager',
        input: { title: 'May this go out?' },
        approvers: { users: [userId] },
        timeout: '2d',
      },
      {
        id: 'note',
        type: 'set',
        name: 'Note who decided',
        input: { values: { by: '{{ steps.ask.output.decidedBy }}' } },
      },
      { id: 'enough', type: 'stop', name: 'Nothing to tell', input: { status: 'succeeded' } },
    ],
    edges: [
      { source: 'trigger', target: 'is_large' },
      { source: 'is_large', sourceHandle: 'true', target: 'each' },
      { source: 'is_large', sourceHandle: 'false', target: 'enough' },
      { source: 'each', sourceHandle: 'body', target: 'task' },
      { source: 'each', sourceHandle: 'done', target: 'ask' },
      { source: 'ask', sourceHandle: 'approved', target: 'note' },
    ],
    layout: {
      notes: [
        {
          id: 'note:1',
          x: 560,
          y: 0,
          width: 228,
          height: 108,
          text: 'Only what customers notice goes out. Marketing reads along: ask Mia before you add a channel.',
        },
      ],
    },
    pinned: { trigger: { title: 'Dark mode', priority: 'high' } },
  };
  const { id } = (await app.perform(caller, 'automations.create', { name: draft.name, draft })) as {
    id: string;
  };
  return id;
}

/** Published twice, and changed since. */
async function buildChangedAutomation(app: App, { caller }: BuiltOrganization): Promise<string> {
  const draftOf = (nodes: readonly object[], edges: readonly object[]) => ({
    name: 'Welcome new customers',
    trigger: { type: 'webhook' },
    nodes,
    edges: [{ source: 'trigger', target: 'greet' }, ...edges],
  });
  const set = (id: string, name: string, text: string) => ({
    id,
    type: 'set',
    name,
    input: { values: { text } },
  });
  const wait = { id: 'later', type: 'wait', name: 'Wait a week', input: { duration: '7d' } };
  const ask = set('ask', 'Ask how it goes', 'How is it going?');
  const first = draftOf([set('greet', 'Greet', 'Hello!'), wait], [{ source: 'greet', target: 'later' }]);
  const { id } = (await app.perform(caller, 'automations.create', {
    name: first.name,
    draft: first,
  })) as { id: string };
  await app.perform(caller, 'automations.publish', { id, note: 'Says hello to everyone who signs up' });
  const second = draftOf(
    [set('greet', 'Greet', 'Hello!'), wait, ask],
    [
      { source: 'greet', target: 'later' },
      { source: 'later', target: 'ask' },
    ],
  );
  await app.perform(caller, 'automations.update', { id, draft: second });
  await app.perform(caller, 'automations.publish', { id, note: 'Asks how it goes, a week later' });
  const third = draftOf(
    [
      set('greet', 'Greet', 'Welcome, {{ trigger.body.name }}!'),
      ask,
      { ...wait, id: 'soon', name: 'Wait a day', input: { duration: '1d' } },
    ],
    [
      { source: 'greet', target: 'soon' },
      { source: 'soon', target: 'ask' },
    ],
  );
  await app.perform(caller, 'automations.update', { id, draft: third });
  return id;
}
