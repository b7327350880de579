/** What rows of the list can show beside the title, in this order. */
export const taskColumns = ['priority', 'status', 'labels', 'dueDate', 'assignee', 'updatedAt'] as const;
export type TaskColumn = (typeof taskColumns)[number];

export const columnLabels: Readonly<Record<TaskColumn, string>> = {
  priority: 'Priority',
  status: 'Status',
  labels: 'Labels',
  dueDate: 'Due date',
  assignee: 'Assignee',
  updatedAt: 'Updated',
};

/** What is shown unless something else was chosen. */
export const usualColumns: readonly TaskColumn[] = ['priority', 'status', 'labels', 'dueDate', 'assignee'];

/** The columns that an address names, in their order; the usual ones where it names none. */
export function columnsIn(text: string | undefined): readonly TaskColumn[] {
  if (text === undefined) return usualColumns;
  const names = text.split(',');
  return taskColumns.filter((column) => names.includes(column));
}
