import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { Button } from '../../components/ui/button.js';
import { useResource } from '../resources/resource.js';
import { useResourceRow } from '../resources/use-resource-row.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { TasksScreen } from './tasks-screen.js';

/** A project: its tasks as list or board. */
export function ProjectScreen() {
  const { projectId } = useParams({ from: '/app/projects/$projectId' });
  const project = useResourceRow(useResource('projects'), projectId);
  if (project.error) return <ProblemScreen error={project.error} retry={project.refetch} />;
  return (
    <TasksScreen
      title={String(project.data?.name ?? 'Project')}
      lead={
        <Button asChild look="ghost" size="icon">
          <Link to="/projects" aria-label="All projects">
            <ChevronLeft aria-hidden />
          </Link>
        </Button>
      }
      within={{ projectId }}
      emptyText="Make the first task of this project. On the board you move it by mouse, or with Shift and the arrows."
    />
  );
}
