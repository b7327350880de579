import { z } from 'zod';
import { defineEvent } from '#core/event.js';
import { textField, titleField } from '#runtime/resource/text-field.js';

export const ProjectVisibility = z.enum(['organization', 'private']);
export const ProjectStatus = z.enum(['active', 'archived']);

/** A project as callers see it. */
export const Project = z.object({
  id: z.uuid(),
  version: z.int(),
  name: z.string(),
  description: z.string(),
  status: ProjectStatus,
  visibility: ProjectVisibility.describe('Private: only for people of the project'),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

export const CreateProject = z.object({
  name: titleField(200),
  description: textField({ max: 50_000 }).optional(),
  status: ProjectStatus.optional(),
  visibility: ProjectVisibility.optional(),
});

export const UpdateProject = CreateProject;

export const projectEvents = {
  created: defineEvent({
    type: 'project.created',
    title: 'Project created',
    description: 'Somebody made a project.',
    payload: Project,
  }),
  updated: defineEvent({
    type: 'project.updated',
    title: 'Project updated',
    description: 'Fields of a project changed; changedFields names them.',
    payload: Project.extend({ changedFields: z.array(z.string()) }),
  }),
  deleted: defineEvent({
    type: 'project.deleted',
    title: 'Project deleted',
    description: 'Somebody deleted a project, and with it its tasks.',
    payload: Project,
  }),
  restored: defineEvent({
    type: 'project.restored',
    title: 'Project restored',
    description: 'Somebody brought back a deleted project, and its tasks.',
    payload: Project,
  }),
};
