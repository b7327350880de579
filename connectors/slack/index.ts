import { z } from 'zod';
import { defineConnector } from '#core/connector.js';
import { callSlack } from './client.js';
import { SlackConfig, SlackSecret } from './connection.js';
import { listChannels } from './list-channels.js';
import { listUsers } from './list-users.js';
import { lookUpUser } from './look-up-user.js';
import { postMessage } from './post-message.js';
import { slackTriggers } from './triggers.js';
import { slackWebhook } from './webhook.js';

const Identity = z.looseObject({ user: z.string(), team: z.string() });

export const slack = defineConnector({
  name: 'slack',
  title: 'Slack',
  description: 'Messages, mentions and reactions in a Slack workspace.',
  config: SlackConfig,
  auth: { kind: 'token', secret: SlackSecret },
  actions: [postMessage, lookUpUser, listChannels, listUsers],
  triggers: slackTriggers,
  webhook: slackWebhook,
  async test(context) {
    const { user, team } = await callSlack(context, 'auth.test', {}, Identity);
    return { account: `${user} in ${team}` };
  },
});
