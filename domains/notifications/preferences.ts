import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import { notificationPreferences } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { readWays } from '#runtime/notifications/wanted-ways.js';

const Preference = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  app: z.boolean().describe('Told in the app'),
  mail: z.boolean().describe('Told by mail'),
});
const Preferences = z.object({ items: z.array(Preference) });

/** How the caller is told of each kind. */
export const listPreferences = defineAction({
  name: 'notifications.list_preferences',
  title: 'List notification preferences',
  description: 'Shows what you can be told of in this organization, and in which ways you are.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/notifications/preferences' },
  input: z.strictObject({}),
  output: Preferences,
  run: showPreferences,
});

/** Changes how the caller is told of a kind. Throws `validation` naming `kind` for one that there is not. */
export const updatePreference = defineAction({
  name: 'notifications.update_preference',
  title: 'Change notification preference',
  description: 'Changes in which ways you are told of something in this organization.',
  permission: 'self',
  effect: 'write',
  http: { method: 'put', path: '/notifications/preferences/:kind' },
  input: z.strictObject({ kind: z.string().max(100), app: z.boolean(), mail: z.boolean() }),
  output: Preferences,
  async run(context: DomainContext, { kind, app: inApp, mail: byMail }) {
    const { db, actor, services } = context;
    if (!services.catalogue.notifications.has(kind))
      throw invalidField({ path: 'kind', message: 'does not exist' });
    const { orgId, userId } = actor;
    const { orgId: org, userId: user, kind: name } = notificationPreferences;
    await db
      .insert(notificationPreferences)
      .values({ orgId, userId, kind, inApp, byMail })
      .onConflictDoUpdate({ target: [org, user, name], set: { inApp, byMail } });
    return showPreferences(context);
  },
});

async function showPreferences({ db, actor: { orgId, userId }, services }: DomainContext) {
  const kinds = [...services.catalogue.notifications.values()];
  const waysOf = await readWays(db, { orgId, userIds: [userId], kinds });
  const items = kinds.map((kind) => {
    const { name, title, description } = kind;
    return { kind: name, title, description, ...waysOf(userId, kind) };
  });
  return { items };
}
