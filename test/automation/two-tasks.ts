import { chain } from '../builders/build-automation.js';
import type { TestNode } from './nodes.js';

/** For each delivery makes a task in one project, and then one in another. */
export function twoTasks(firstProjectId: string, between: readonly TestNode[], secondProjectId: string) {
  const create = (id: string, projectId: string, title: string) => ({
    id,
    type: 'action',
    action: 'tasks.create',
    input: { projectId, title },
  });
  const nodes = [
    create('first', firstProjectId, '{{ trigger.body.title }}'),
    ...between,
    create('second', secondProjectId, '{{ steps.first.output.title }}'),
  ];
  return { ...chain({ type: 'webhook' }, nodes), name: 'Two tasks' };
}
