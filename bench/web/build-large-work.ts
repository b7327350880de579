import { z } from 'zod';
import type { App } from '#app.js';
import { tasks } from '#db/schema/index.js';
import { rankAtEnd } from '#domains/work/rank.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';

export interface LargeWork extends BuiltOrganization {
  /** With 2,000 tasks. */
  projectId: string;
  /** A draft of 300 nodes. */
  automationId: string;
}

const taskCount = 2_000;
const nodeCount = 300;
const statuses = ['todo', 'todo', 'todo', 'in_progress', 'in_review', 'done'] as const;
const priorities = ['none', 'low', 'medium', 'high', 'urgent'] as const;
const Created = z.object({ id: z.uuid() });

/** An organization with as much as the targets of the web app speak of. */
export async function buildLargeWork(app: App): Promise<LargeWork> {
  const owner = await buildOrganization(app, { name: 'Northwind' });
  const { id: projectId } = await buildProject(app, owner.caller, { name: 'Everything' });
  const rows = Array.from({ length: taskCount }, (_, index) => ({
    orgId: owner.orgId,
    projectId,
    title: titleOf(index),
    status: statuses[index % statuses.length] ?? 'todo',
    priority: priorities[index % priorities.length] ?? 'none',
    assigneeId: index % 3 === 0 ? owner.userId : null,
    dueDate: index % 4 === 0 ? '2026-03-01' : null,
    rank: rankAtEnd(null, Date.now() + index),
  }));
  await app.services.database.withOrg(owner.orgId, async (transaction) => {
    await transaction.insert(tasks).values(rows);
  });
  const draft = largeDraft();
  const made = await app.perform(owner.caller, 'automations.create', { name: draft.name, draft });
  return { ...owner, projectId, automationId: Created.parse(made).id };
}

/** Of one line or two, as titles are. */
function titleOf(index: number): string {
  const what =
    index % 5 === 0 ? 'Find out why the report of the last month differs from the ledger' : 'Call back';
  return `${what} ${index + 1}`;
}

/** Conditions that each lead to two steps, three rows of which make a graph that is as wide as it is long. */
function largeDraft() {
  const nodes: object[] = [];
  const edges: object[] = [];
  let before = 'trigger';
  for (let index = 0; nodes.length + 3 <= nodeCount; index += 1) {
    const [condition, yes, no] = [`if_${index}`, `yes_${index}`, `no_${index}`];
    nodes.push(
      { id: condition, type: 'if', input: { condition: '{{ true }}' } },
      { id: yes, type: 'set', input: { values: { text: `Step ${index}` } } },
      { id: no, type: 'set', input: { values: { text: `Other step ${index}` } } },
    );
    edges.push(
      { source: before, target: condition },
      { source: condition, sourceHandle: 'true', target: yes },
      { source: condition, sourceHandle: 'false', target: no },
    );
    before = index % 2 === 0 ? yes : no;
  }
  return { name: 'Large', trigger: { type: 'manual' }, nodes, edges };
}
