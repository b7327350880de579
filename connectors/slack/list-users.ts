import { z } from 'zod';
import { ChoicesPage, choicesInput, isAmong } from '#core/choices.js';
import { defineConnectorAction } from '#core/connector.js';
import { callSlack } from './client.js';
import type { SlackContext } from './connection.js';
import { readPages } from './read-pages.js';

const Users = z.looseObject({
  members: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      real_name: z.string().optional(),
      deleted: z.boolean().optional(),
      is_bot: z.boolean().optional(),
    }),
  ),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

/** Slack's own, which is not marked as a bot. */
const slackbot = 'USLACKBOT';

export const listUsers = defineConnectorAction({
  name: 'slack.list_users',
  title: 'List users',
  description: 'Lists the people of the workspace, but for bots and those who have left.',
  permission: 'slack:list_users',
  effect: 'read',
  input: z.object(choicesInput),
  output: ChoicesPage,
  run: (context: SlackContext, { q, cursor }) =>
    readPages({
      cursor,
      isNarrowed: Boolean(q),
      async read(page) {
        const { members, response_metadata } = await callSlack(context, 'users.list', { ...page }, Users);
        const items = members
          .filter(({ id, deleted, is_bot }) => !deleted && !is_bot && id !== slackbot)
          .filter(({ name, real_name }) => isAmong(q?.replace(/^@/, ''), name, real_name))
          .map(({ id, name, real_name }) => ({ value: id, label: real_name || name, hint: `@${name}` }));
        return { items, next: response_metadata?.next_cursor };
      },
    }),
});
