import type { Domain } from '#runtime/domain.js';
import { moveTask } from './move-task.js';
import { addProjectMember, listProjectMembers, removeProjectMember } from './project-members.js';
import { projects } from './projects.js';
import { taskEvents } from './task.js';
import { taskAssigned } from './task-assigned.js';
import { taskViews } from './task-views.js';
import { tasks } from './tasks.js';

const actions = [
  ...projects.actions,
  addProjectMember,
  removeProjectMember,
  listProjectMembers,
  ...tasks.actions,
  moveTask,
  ...taskViews.actions,
];

/** Projects and tasks. */
export const work: Domain = {
  name: 'work',
  description:
    'Projects and their tasks: what is to be done, by whom and until when, and in which order on the board.',
  actions: actions.map((action) => ({ ...action, module: 'work' as const })),
  notifications: [taskAssigned],
  events: [...projects.events, ...tasks.events, taskEvents.moved, ...taskViews.events],
};
