import type { z } from 'zod';
import { causeOf, type Notice, type NotificationKind } from '#core/notification.js';
import { type Task, taskEvents } from './task.js';

/** A task has become that of a person. */
export const taskAssigned: NotificationKind = {
  name: 'task_assigned',
  title: 'A task is assigned to me',
  description: 'Somebody else, or an automation, gives you a task.',
  defaults: { app: true, mail: false },
  causes: [
    causeOf(taskEvents.created, tell),
    causeOf(taskEvents.updated, (task) =>
      task.changedFields.includes('assigneeId') ? tell(task) : undefined,
    ),
  ],
};

function tell({ id, title, assigneeId }: z.output<typeof Task>): Notice | undefined {
  if (assigneeId === null) return undefined;
  return {
    to: { users: [assigneeId] },
    subjectId: id,
    title: `Assigned to you: ${title}`,
    path: `/tasks/${id}`,
  };
}
