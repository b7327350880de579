import { z } from 'zod';
import { defineEvent } from '#core/event.js';
import { defaultRoles } from '#core/permission.js';
import { roles } from '#db/schema/index.js';

/** A role as callers see it. */
export const Role = z.object({
  id: z.uuid(),
  version: z.int(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  permissions: z.array(z.string()).describe('resource:verb, resource:* or *'),
  isDefault: z.boolean().describe('It came with the organization and stays as it is'),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

/** Columns that Role shows. */
export const roleFields = {
  id: roles.id,
  version: roles.version,
  key: roles.key,
  name: roles.name,
  description: roles.description,
  permissions: roles.permissions,
  createdAt: roles.createdAt,
  updatedAt: roles.updatedAt,
  deletedAt: roles.deletedAt,
};

const defaultKeys: ReadonlySet<string> = new Set(defaultRoles.map(({ key }) => key));

export function isDefaultRole(key: string): boolean {
  return defaultKeys.has(key);
}

/** A row with what follows from it. */
export function presentRole<Row extends { key: string }>(row: Row): Row & { isDefault: boolean } {
  return { ...row, isDefault: isDefaultRole(row.key) };
}

const event = (verb: string) =>
  defineEvent({
    type: `role.${verb}`,
    title: `Role ${verb}`,
    description: `A role was ${verb}.`,
    payload: Role,
  });

export const roleEvents = {
  created: event('created'),
  updated: event('updated'),
  deleted: event('deleted'),
  restored: event('restored'),
};
