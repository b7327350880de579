import {
  Circle,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleX,
  Flame,
  type LucideIcon,
  Minus,
  SignalHigh,
  SignalLow,
  SignalMedium,
} from 'lucide-react';
import type { paths } from '../../client/schema.js';
import type { Row } from '../resources/resource.js';

type ListedTask = paths['/v1/tasks']['get']['responses'][200]['content']['application/json']['items'][number];

/** A task as the API gives it. */
export type Task = ListedTask & Row;
export type TaskStatus = ListedTask['status'];
export type TaskPriority = ListedTask['priority'];

interface Look {
  label: string;
  icon: LucideIcon;
  className: string;
}

/** How statuses look, in the order of the board. */
export const statusLooks: Readonly<Record<TaskStatus, Look>> = {
  todo: { label: 'To do', icon: Circle, className: 'text-faint' },
  in_progress: { label: 'In progress', icon: CircleDashed, className: 'text-warning' },
  in_review: { label: 'In review', icon: CircleDot, className: 'text-success' },
  done: { label: 'Done', icon: CircleCheck, className: 'text-accent' },
  cancelled: { label: 'Cancelled', icon: CircleX, className: 'text-faint' },
};

/** How priorities look, most urgent first. */
export const priorityLooks: Readonly<Record<TaskPriority, Look>> = {
  urgent: { label: 'Urgent', icon: Flame, className: 'text-danger' },
  high: { label: 'High', icon: SignalHigh, className: 'text-text' },
  medium: { label: 'Medium', icon: SignalMedium, className: 'text-text' },
  low: { label: 'Low', icon: SignalLow, className: 'text-soft' },
  none: { label: 'No priority', icon: Minus, className: 'text-faint' },
};

export const statuses = Object.keys(statusLooks) as TaskStatus[];
export const priorities = Object.keys(priorityLooks) as TaskPriority[];
