import { z } from 'zod';
import { ChoicesPage, choicesInput, isAmong } from '#core/choices.js';
import { defineConnectorAction } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { callSlack } from './client.js';
import type { SlackContext } from './connection.js';
import { readPages } from './read-pages.js';

const Channels = z.looseObject({
  channels: z.array(
    z.looseObject({ id: z.string(), name: z.string().default(''), is_private: z.boolean().optional() }),
  ),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

export const listChannels = defineConnectorAction({
  name: 'slack.list_channels',
  title: 'List channels',
  description: 'Lists the channels of the workspace that the app can see, but for archived ones.',
  permission: 'slack:list_channels',
  effect: 'read',
  input: z.object(choicesInput),
  output: ChoicesPage,
  run: (context: SlackContext, { q, cursor }) =>
    readPages({
      cursor,
      isNarrowed: Boolean(q),
      async read(page) {
        const { channels, response_metadata } = await listPage(context, page);
        const items = channels
          .filter(({ name }) => isAmong(q?.replace(/^#/, ''), name))
          .map(({ id, name, is_private }) => ({
            value: id,
            label: `#${name}`,
            ...(is_private && { hint: 'Private' }),
          }));
        return { items, next: response_metadata?.next_cursor };
      },
    }),
});

/** An app without the scope for private channels (groups:read) is refused both kinds, and gets the public ones. */
async function listPage(context: SlackContext, page: { limit: number; cursor: string | undefined }) {
  const given = { ...page, exclude_archived: true };
  const method = 'conversations.list';
  try {
    return await callSlack(context, method, { ...given, types: 'public_channel,private_channel' }, Channels);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'forbidden')) throw error;
    return callSlack(context, method, { ...given, types: 'public_channel' }, Channels);
  }
}
