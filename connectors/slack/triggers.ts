import { z } from 'zod';
import type { ConnectorTrigger } from '#core/connector.js';
import { appMentioned, messagePosted, reactionAdded } from './samples.js';

// https://docs.slack.dev/apis/events-api#event-type-structure: the fields that automations use. Everything else
// Slack sends stays in the payload as well.

const envelope = {
  type: z.literal('event_callback'),
  team_id: z.string(),
  api_app_id: z.string(),
  event_id: z.string(),
  /** Seconds since 1970. */
  event_time: z.number(),
  authorizations: z.array(z.looseObject({ team_id: z.string().nullable(), user_id: z.string() })).optional(),
};

const message = {
  channel: z.string(),
  user: z.string(),
  text: z.string(),
  ts: z.string(),
  event_ts: z.string(),
  thread_ts: z.string().optional(),
  blocks: z.array(z.looseObject({ type: z.string() })).optional(),
  files: z.array(z.looseObject({ id: z.string() })).optional(),
};

/** https://docs.slack.dev/reference/events/message */
const MessagePayload = z.looseObject({
  ...envelope,
  event: z.looseObject({
    ...message,
    type: z.literal('message'),
    /** channel, group, im or mpim. */
    channel_type: z.string().optional(),
  }),
});

/** https://docs.slack.dev/reference/events/app_mention */
const AppMentionPayload = z.looseObject({
  ...envelope,
  event: z.looseObject({ ...message, type: z.literal('app_mention'), user: z.string().optional() }),
});

/** https://docs.slack.dev/reference/events/reaction_added */
const ReactionAddedPayload = z.looseObject({
  ...envelope,
  event: z.looseObject({
    type: z.literal('reaction_added'),
    user: z.string(),
    /** Name of the emoji, without colons. */
    reaction: z.string(),
    item_user: z.string().optional(),
    item: z.looseObject({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
    event_ts: z.string(),
  }),
});

/** What can start an automation. The payload is Slack's own envelope. */
export const slackTriggers: readonly ConnectorTrigger[] = [
  {
    name: 'slack.message_posted',
    title: 'Message posted',
    description: 'Somebody posted a message where the app listens; messages of bots do not count.',
    output: MessagePayload,
    sample: messagePosted,
  },
  {
    name: 'slack.app_mentioned',
    title: 'App mentioned',
    description: 'Somebody mentioned the app in a channel.',
    output: AppMentionPayload,
    sample: appMentioned,
  },
  {
    name: 'slack.reaction_added',
    title: 'Reaction added',
    description: 'Somebody reacted to a message with an emoji.',
    output: ReactionAddedPayload,
    sample: reactionAdded,
  },
];
