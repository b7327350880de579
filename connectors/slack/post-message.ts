import { z } from 'zod';
import { chosenFrom } from '#core/choices.js';
import { defineConnectorAction } from '#core/connector.js';
import { callSlack } from './client.js';
import type { SlackContext } from './connection.js';
import { findEarlierMessage } from './find-earlier.js';
import { messageMetadata } from './message-key.js';

const Posted = z.looseObject({
  channel: z.string(),
  ts: z.string(),
  message: z.looseObject({ text: z.string().optional() }).optional(),
});

const destination = chosenFrom(
  { action: 'slack.list_channels', title: 'Channels' },
  { action: 'slack.list_users', title: 'People' },
);

export const postMessage = defineConnectorAction({
  name: 'slack.post_message',
  title: 'Post message',
  description: 'Posts a message to a channel, a person or a thread.',
  permission: 'slack:post_message',
  effect: 'send',
  input: z.object({
    /** Id, or name with or without `#`. */
    channel: z.string().min(1).max(255).meta(destination),
    /** Slack's mrkdwn; with blocks, what notifications show. */
    text: z.string().min(1).max(40_000),
    /** `ts` of the message to reply to. */
    thread_ts: z
      .string()
      .regex(/^\d+\.\d+$/, 'must be the ts of a message')
      .optional(),
    /** https://docs.slack.dev/reference/block-kit */
    blocks: z
      .array(z.looseObject({ type: z.string() }))
      .max(50)
      .optional(),
  }),
  output: z.object({ channel: z.string(), ts: z.string(), text: z.string().optional() }),
  async run(context: SlackContext, { channel, text, thread_ts, blocks }) {
    if (context.isRetry) {
      const earlier = await findEarlierMessage(context, channel, thread_ts);
      if (earlier) return earlier;
    }
    const metadata = messageMetadata(context.idempotencyKey);
    const given = { channel, text, thread_ts, blocks, metadata };
    const posted = await callSlack(context, 'chat.postMessage', given, Posted);
    return { channel: posted.channel, ts: posted.ts, text: posted.message?.text };
  },
});
