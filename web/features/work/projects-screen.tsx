import { FolderKanban } from 'lucide-react';
import { ResourcePage } from '../resources/resource-page.js';

const columns = [
  { field: 'name', width: 3 },
  { field: 'status' },
  { field: 'visibility', isMinor: true },
  { field: 'updatedAt', label: 'Updated', isMinor: true },
];
const formFields = ['name', 'description', 'visibility'];

export function ProjectsScreen() {
  return (
    <ResourcePage
      name="projects"
      title="Projects"
      singular="project"
      icon={FolderKanban}
      columns={columns}
      createFields={formFields}
      updateFields={[...formFields, 'status']}
      filters={['status', 'visibility']}
      linkOf={({ id }) => `/projects/${id}`}
      emptyText="A project holds the tasks of something that shall be done, with a list and a board of its own."
    />
  );
}
