import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { describeResource, Resource, resourceNames } from './describe-resource.js';

/** Describes a resource to screens that are made of what it declares. Throws `not_found`. */
export const getResource = defineAction({
  name: 'catalogue.get_resource',
  title: 'Describe resource',
  description: 'Tells the fields, filters, orders and operations of a resource, such as tasks.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/resources/:name' },
  input: z.strictObject({ name: z.string().max(100) }),
  output: Resource,
  async run({ services }: DomainContext, { name }) {
    const resource = describeResource(services.catalogue.actions, name);
    if (!resource) throw new AppError('not_found', 'There is no such resource');
    return resource;
  },
});

export const listResources = defineAction({
  name: 'catalogue.list_resources',
  title: 'List resources',
  description: 'Names everything that comes in pages and can be described.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/resources' },
  input: z.strictObject({}),
  output: z.object({ names: z.array(z.string()) }),
  run: async ({ services }: DomainContext) => ({ names: resourceNames(services.catalogue.actions) }),
});
