import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { scimGroups } from '#db/schema/index.js';
import { type Configuration, publicUrl } from '#runtime/configuration.js';
import { textField } from '#runtime/resource/text-field.js';
import { membersOf } from './group-roles.js';
import { scimSchema } from './scim-schemas.js';
import { isoOf } from './scim-user.js';

export const maxGroupMembers = 10_000;

export const ScimMembers = z.array(z.object({ value: z.string().max(100) })).max(maxGroupMembers);

/** A group as an identity provider sends it, whole. */
export const ScimGroupInput = z.object({
  displayName: textField({ min: 1, max: 500 }),
  externalId: textField({ max: 500 }).nullish(),
  members: ScimMembers.nullish(),
});

export const groupAttributes = ['displayName', 'externalId'];

export const ScimGroup = z.object({
  schemas: z.array(z.string()),
  id: z.uuid(),
  displayName: z.string(),
  externalId: z.string().optional(),
  members: z.array(z.object({ value: z.uuid(), $ref: z.string() })).optional(),
  meta: z.object({
    resourceType: z.literal('Group'),
    created: z.string(),
    lastModified: z.string(),
    location: z.string(),
  }),
});
export type ScimGroup = z.output<typeof ScimGroup>;

export type ScimGroupRow = Pick<
  typeof scimGroups.$inferSelect,
  'id' | 'displayName' | 'externalId' | 'roleId' | 'createdAt' | 'updatedAt'
>;

/** A group as the provider sees it; without members where it asked for none. */
export function presentScimGroup(
  { id, displayName, externalId, createdAt, updatedAt }: ScimGroupRow,
  memberIds: readonly string[] | undefined,
  configuration: Configuration,
): ScimGroup {
  const base = `${publicUrl(configuration)}/scim/v2`;
  return {
    schemas: [scimSchema.group],
    id,
    displayName,
    ...(externalId !== null && { externalId }),
    ...(memberIds && { members: memberIds.map((value) => ({ value, $ref: `${base}/Users/${value}` })) }),
    meta: {
      resourceType: 'Group',
      created: isoOf(createdAt),
      lastModified: isoOf(updatedAt),
      location: `${base}/Groups/${id}`,
    },
  };
}

/** A group, locked until the end of the transaction. Throws `not_found`. */
export async function lockGroup(db: Transaction, orgId: string, id: string): Promise<ScimGroupRow> {
  const [group] = await db
    .select()
    .from(scimGroups)
    .where(and(eq(scimGroups.orgId, orgId), eq(scimGroups.id, id)))
    .for('update');
  if (!group) throw new AppError('not_found', 'There is no such group');
  return group;
}

/** A group as it is now, with its members. */
export async function showGroup(
  db: Transaction,
  { orgId, id }: { orgId: string; id: string },
  configuration: Configuration,
): Promise<ScimGroup> {
  const [group] = await db
    .select()
    .from(scimGroups)
    .where(and(eq(scimGroups.orgId, orgId), eq(scimGroups.id, id)));
  if (!group) throw new AppError('not_found', 'There is no such group');
  return presentScimGroup(group, await membersOf(db, orgId, id), configuration);
}
