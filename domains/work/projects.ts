import { projects as table } from '#db/schema/index.js';
import { projectPolicy } from '#runtime/policies/project-visibility.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import {
  CreateProject,
  Project,
  ProjectStatus,
  ProjectVisibility,
  projectEvents,
  UpdateProject,
} from './project.js';
import { addMaker, checkVisibility } from './project-access.js';

/** Projects: what tasks belong to. */
export const projects = defineResource({
  name: 'projects',
  singular: 'project',
  table,
  output: Project,
  create: CreateProject,
  update: UpdateProject,
  filters: {
    status: equals(table.status, ProjectStatus),
    visibility: equals(table.visibility, ProjectVisibility),
  },
  sorts: {
    createdAt: byColumn(table.createdAt),
    updatedAt: byColumn(table.updatedAt),
    name: byColumn(table.name),
  },
  defaultSort: '-createdAt',
  search: table.search,
  events: projectEvents,
  http: { path: '/projects' },
  policy: projectPolicy,
  check: checkVisibility,
  afterCreate: addMaker,
});
