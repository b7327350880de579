import { ListTodo, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../components/ui/states.js';

export interface NoTasksProps {
  /** True if search or filters leave nothing. */
  isNarrowed: boolean;
  text: string;
  action: ReactNode;
}

/** Where there are no tasks to show: why, and what to do about it. */
export function NoTasks({ isNarrowed, text, action }: NoTasksProps) {
  return isNarrowed ? (
    <EmptyState icon={Search} title="Nothing fits">
      No task is left by search and filters.
    </EmptyState>
  ) : (
    <EmptyState icon={ListTodo} title="No tasks yet" action={action}>
      {text}
    </EmptyState>
  );
}
