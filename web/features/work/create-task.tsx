import { useNavigate } from '@tanstack/react-router';
import { FolderKanban } from 'lucide-react';
import { Suspense } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { EmptyState, SkeletonRows } from '../../components/ui/states.js';
import { useResource } from '../resources/resource.js';
import { ResourceForm } from '../resources/resource-form.js';
import { useResourceChanges } from '../resources/use-resource-changes.js';
import { useResourceList } from '../resources/use-resource-list.js';

const fields = ['title', 'description', 'projectId', 'assigneeId', 'status', 'priority', 'dueDate'];

export interface CreateTaskProps {
  /** The project that it is made in, unless another is chosen. */
  projectId?: string | undefined;
  /** The day that it is due on, unless another is chosen. */
  dueDate?: string | undefined;
  onOpenChange(isOpen: boolean): void;
}

/** A window to make a task. */
export function CreateTask({ onOpenChange, ...props }: CreateTaskProps) {
  return (
    <Dialog isOpen onOpenChange={onOpenChange} title="New task">
      <Suspense fallback={<SkeletonRows count={5} />}>
        <CreateTaskForm {...props} onOpenChange={onOpenChange} />
      </Suspense>
    </Dialog>
  );
}

function CreateTaskForm({ projectId, dueDate, onOpenChange }: CreateTaskProps) {
  const resource = useResource('tasks');
  const projects = useResourceList(useResource('projects'), { limit: '200' });
  const { create } = useResourceChanges(resource, 'task');
  const navigate = useNavigate();
  if (projects.isPending) return <SkeletonRows count={5} />;
  const [first] = projects.items;
  if (!first) {
    return (
      <EmptyState
        icon={FolderKanban}
        title="First a project"
        action={
          <Button
            look="primary"
            onClick={() => {
              onOpenChange(false);
              void navigate({ to: '/projects', search: { new: 'yes' } });
            }}
          >
            New project
          </Button>
        }
      >
        A task belongs to a project, and there is none yet.
      </EmptyState>
    );
  }
  return (
    <ResourceForm
      resource={resource}
      verb="create"
      fields={fields}
      initial={{ projectId: projectId ?? first.id, dueDate, status: 'todo', priority: 'none' }}
      submitLabel="Create task"
      onSend={async (input) => {
        const { id } = await create.mutateAsync(input);
        onOpenChange(false);
        const open = () => void navigate({ to: '/tasks/$taskId', params: { taskId: id } });
        toast('The task was made', { action: { label: 'Open', onClick: open } });
      }}
    />
  );
}
