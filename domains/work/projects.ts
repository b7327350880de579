import { projects as table } from '#db/schema/index.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { CreateProject, Project, ProjectStatus, projectEvents, UpdateProject } from './project.js';

/** Projects: what tasks belong to. */
export const projects = defineResource({
  name: 'projects',
  singular: 'project',
  table,
  output: Project,
  create: CreateProject,
  update: UpdateProject,
  filters: { status: equals(table.status, ProjectStatus) },
  sorts: {
    createdAt: byColumn(table.createdAt),
    updatedAt: byColumn(table.updatedAt),
    name: byColumn(table.name),
  },
  defaultSort: '-createdAt',
  search: table.search,
  events: projectEvents,
  http: { path: '/projects' },
});
