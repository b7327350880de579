import { useSession } from '../session/use-session.js';
import { TasksScreen } from './tasks-screen.js';

/** What the person has to do. */
export function MyTasks() {
  const userId = useSession()?.user.id ?? '';
  return (
    <TasksScreen
      title="My tasks"
      within={{ assigneeId: userId }}
      emptyText="Tasks that are assigned to you gather here, from all projects."
    />
  );
}

/** All tasks that the person may see. */
export function AllTasks() {
  return (
    <TasksScreen
      title="All tasks"
      emptyText="Tasks say what is to be done, by whom and until when. People and automations make them."
    />
  );
}
