import { z } from 'zod';
import { defineConnectorAction } from '#core/connector.js';
import { callSlack } from './client.js';
import type { SlackContext } from './connection.js';

const Found = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    name: z.string(),
    real_name: z.string().optional(),
    is_bot: z.boolean().optional(),
    deleted: z.boolean().optional(),
    tz: z.string().nullish(),
    profile: z
      .looseObject({ display_name: z.string().optional(), real_name: z.string().optional() })
      .optional(),
  }),
});

export const lookUpUser = defineConnectorAction({
  name: 'slack.look_up_user',
  title: 'Look up user',
  description: 'Finds a person in the workspace by email address.',
  permission: 'slack:look_up_user',
  effect: 'read',
  input: z.object({ email: z.email() }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    real_name: z.string(),
    display_name: z.string(),
    is_bot: z.boolean(),
    is_deleted: z.boolean(),
    /** IANA name, such as `Europe/London`. */
    time_zone: z.string().nullable(),
  }),
  async run(context: SlackContext, { email }) {
    const { user } = await callSlack(context, 'users.lookupByEmail', { email }, Found);
    return {
      id: user.id,
      name: user.name,
      real_name: user.real_name ?? user.profile?.real_name ?? user.name,
      display_name: user.profile?.display_name ?? '',
      is_bot: user.is_bot ?? false,
      is_deleted: user.deleted ?? false,
      time_zone: user.tz ?? null,
    };
  },
});
