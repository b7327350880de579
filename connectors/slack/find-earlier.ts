import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { callSlack } from './client.js';
import type { SlackContext } from './connection.js';
import { carriesKey } from './message-key.js';

export interface PostedMessage {
  channel: string;
  ts: string;
  text?: string | undefined;
}

const Messages = z.looseObject({
  messages: z.array(
    z.looseObject({ ts: z.string(), text: z.string().optional(), metadata: z.unknown().optional() }),
  ),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

const Channels = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

const maxPages = 5;

/**
 * The message that an earlier attempt of this step posted: among the newest 50 of the channel, or in the thread.
 * Undefined as well when the app lacks the scopes to look (channels:read, channels:history and their like).
 */
export async function findEarlierMessage(
  context: SlackContext,
  channel: string,
  threadTs: string | undefined,
): Promise<PostedMessage | undefined> {
  try {
    const id = await channelId(context, channel);
    if (id === undefined) return undefined;
    return threadTs === undefined
      ? await findInHistory(context, id)
      : await findInThread(context, id, threadTs);
  } catch (error) {
    if (error instanceof AppError && ['forbidden', 'validation'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Messages are posted to a name or an id, but read by id only. */
async function channelId(context: SlackContext, channel: string): Promise<string | undefined> {
  if (/^[CDG][A-Z0-9]{8,}$/.test(channel)) return channel;
  const name = channel.replace(/^#/, '');
  const given = { types: 'public_channel,private_channel', exclude_archived: true, limit: 1000 };
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const list = await callSlack(context, 'conversations.list', { ...given, cursor }, Channels);
    const found = list.channels.find((one) => one.name === name);
    cursor = list.response_metadata?.next_cursor;
    if (found || !cursor) return found?.id;
  }
  return undefined;
}

async function findInHistory(context: SlackContext, channel: string): Promise<PostedMessage | undefined> {
  const given = { channel, limit: 50, include_all_metadata: true };
  return pick(context, channel, await callSlack(context, 'conversations.history', given, Messages));
}

/** Slack gives a thread oldest first, so its end is reached page by page. */
async function findInThread(
  context: SlackContext,
  channel: string,
  ts: string,
): Promise<PostedMessage | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const given = { channel, ts, limit: 200, include_all_metadata: true, cursor };
    const thread = await callSlack(context, 'conversations.replies', given, Messages);
    const found = pick(context, channel, thread);
    cursor = thread.response_metadata?.next_cursor;
    if (found || !cursor) return found;
  }
  return undefined;
}

function pick(
  { idempotencyKey }: SlackContext,
  channel: string,
  { messages }: z.output<typeof Messages>,
): PostedMessage | undefined {
  const found = messages.find(({ metadata }) => carriesKey(metadata, idempotencyKey));
  return found && { channel, ts: found.ts, text: found.text };
}
