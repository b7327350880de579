import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { automations, automationVersions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

/** More than these are not told. */
const maxUses = 200;

/** Which automations use a connection, in their draft or in what is published. */
export const listUses = defineAction({
  name: 'connections.list_uses',
  title: 'List uses of connection',
  description: `Names the automations whose draft or published version uses a connection, at most ${maxUses}.`,
  permission: 'connections:read',
  effect: 'read',
  http: { method: 'get', path: '/connections/:id/uses' },
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({
    items: z.array(
      z.object({ id: z.uuid(), name: z.string(), status: z.enum(['draft', 'active', 'paused']) }),
    ),
  }),
  async run({ db, actor }: DomainContext, { id }) {
    const names = (definition: unknown) => sql`${definition}::text LIKE ${`%"${id}"%`}`;
    const items = await db
      .select({ id: automations.id, name: automations.name, status: automations.status })
      .from(automations)
      .leftJoin(
        automationVersions,
        and(
          eq(automationVersions.orgId, automations.orgId),
          eq(automationVersions.automationId, automations.id),
          eq(automationVersions.version, automations.publishedVersion),
        ),
      )
      .where(
        and(
          eq(automations.orgId, actor.orgId),
          isNull(automations.deletedAt),
          or(names(automations.draft), names(automationVersions.definition)),
        ),
      )
      .orderBy(automations.name)
      .limit(maxUses);
    return { items };
  },
});
