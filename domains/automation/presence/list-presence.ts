import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireAutomation } from '../find-automation.js';

export const listPresence = defineAction({
  name: 'automations.list_presence',
  title: 'List presence',
  description: 'Who has the draft of an automation open now, and which step they have chosen.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/presence' },
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({
    items: z.array(
      z.object({
        client: z.string().describe('A window; one person may have several'),
        userId: z.uuid(),
        name: z.string(),
        node: z.string().nullable().describe('Id of a node, or `trigger`'),
      }),
    ),
  }),
  async run({ db, actor, services }: DomainContext, { id }) {
    await requireAutomation(db, id);
    const there = services.presence.list({ orgId: actor.orgId, automationId: id });
    if (there.length === 0) return { items: [] };
    const ids = [...new Set(there.map(({ userId }) => userId))];
    const rows = await db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(inArray(users.id, ids));
    const names = new Map(rows.map((row) => [row.id, row.name]));
    const items = there.flatMap((presence) => {
      const name = names.get(presence.userId);
      return name === undefined ? [] : { ...presence, name };
    });
    return { items };
  },
});
