import { z } from 'zod';
import type { ConnectorContext } from '#core/connector.js';

export const GitHubConfig = z.object({
  /** Base address of the REST API; `https://<host>/api/v3` for GitHub Enterprise Server. */
  apiUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
});

export const GitHubSecret = z.object({
  /** A fine-grained or classic personal access token, or an installation token. */
  token: z.string().min(1),
  /** The secret entered with the webhook at GitHub. */
  webhookSecret: z.string().min(1).optional(),
});

export type GitHubContext = ConnectorContext<z.output<typeof GitHubConfig>, z.output<typeof GitHubSecret>>;
