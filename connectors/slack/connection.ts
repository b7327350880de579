import { z } from 'zod';
import type { ConnectorContext } from '#core/connector.js';

export const SlackConfig = z.object({
  /** Base address of the Web API. */
  apiUrl: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
});

export const SlackSecret = z.object({
  /** Bot token (`xoxb-…`) with the scopes chat:write, and users:read.email to look people up. To choose from lists:
   * channels:read, groups:read for private channels, users:read. */
  token: z.string().min(1),
  /** From the app's basic information; checks events. */
  signingSecret: z.string().min(1).optional(),
});

export type SlackContext = ConnectorContext<z.output<typeof SlackConfig>, z.output<typeof SlackSecret>>;
