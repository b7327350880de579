import type { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { EventDefinition } from '#core/event.js';
import type { DomainContext } from '../domain.js';
import { createAction } from './create-action.js';
import { deleteAction } from './delete-action.js';
import { getAction } from './get-action.js';
import { listAction } from './list-action.js';
import type { ResourceDefinition } from './resource-definition.js';
import { restoreAction } from './restore-action.js';
import { updateAction } from './update-action.js';

export interface Resource {
  actions: DomainAction<DomainContext>[];
  events: EventDefinition[];
}

/**
 * Makes the actions `<name>.list`, `.get`, `.create`, `.update`, `.delete` and `.restore` of a table that has
 * `resourceColumns`: keyset pagination with a maximum, declared filters and sorts, full-text search, optimistic
 * concurrency, soft delete, and an event for each change. They need the permissions `<name>:read`, `:create`,
 * `:update` and `:delete` (which covers restoring).
 */
export function defineResource<
  Create extends z.ZodObject,
  Update extends z.ZodObject,
  SortName extends string,
>(definition: ResourceDefinition<Create, Update, SortName>): Resource {
  // The actions treat rows by field name alone; which fields there are was checked against the definition's schemas.
  const resource = definition as ResourceDefinition;
  const { created, updated, deleted, restored } = resource.events;
  return {
    actions: [
      listAction(resource),
      getAction(resource),
      createAction(resource),
      updateAction(resource),
      deleteAction(resource),
      restoreAction(resource),
    ],
    events: [created, updated, deleted, restored],
  };
}
