import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireAutomation } from '../find-automation.js';

/** Writes nothing: it is kept in memory, for those who look at the same draft. */
export const tellPresence = defineAction({
  name: 'automations.tell_presence',
  title: 'Tell presence',
  description:
    'Says that the person has the draft of an automation open, and what they have chosen. Forgotten after 45 seconds unless it is said again.',
  permission: 'automations:update',
  effect: 'read',
  http: { method: 'post', path: '/automations/:id/presence', status: 204 },
  input: z.strictObject({
    id: z.uuid(),
    client: z
      .string()
      .regex(/^[A-Za-z0-9-]{8,36}$/, 'must be 8 to 36 letters, digits and -')
      .describe('Tells the windows of one person apart'),
    node: z.string().max(64).nullable().default(null).describe('Id of the chosen node, or `trigger`'),
    isLeaving: z.boolean().default(false),
  }),
  output: z.unknown(),
  async run({ db, actor, services }: DomainContext, { id, client, node, isLeaving }) {
    if (actor.kind !== 'user') throw new AppError('forbidden', 'Only people can be present');
    await requireAutomation(db, id);
    const place = { orgId: actor.orgId, automationId: id };
    if (isLeaving) services.presence.leave(place, { client, userId: actor.userId });
    else services.presence.enter(place, { client, userId: actor.userId, node });
    return null;
  },
});
