import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Api } from './api.js';

const Created = z.object({ id: z.uuid() });
const Connection = Created.extend({ hookUrl: z.url().nullable() });

/** What the automations of the demo refer to, and how GitHub reaches it. */
export interface DemoApps {
  projectId: string;
  slackId: string;
  githubId: string;
  /** Where GitHub would be told to send its webhooks. */
  githubHookUrl: string;
  githubWebhookSecret: string;
}

/** Makes a project, a connection to the Slack server at this address, and one to GitHub. */
export async function connectApps(api: Api, slack: { apiUrl: string; token: string }): Promise<DemoApps> {
  const githubWebhookSecret = randomBytes(24).toString('hex');
  const project = await api.post('/v1/projects', { name: 'Incoming work' }, Created);
  const slackConnection = await api.post(
    '/v1/connections',
    { connector: 'slack', name: 'Slack', config: { apiUrl: slack.apiUrl }, secret: { token: slack.token } },
    Connection,
  );
  const github = await api.post(
    '/v1/connections',
    {
      connector: 'github',
      name: 'GitHub',
      // The demo only listens to GitHub; a token that works is needed to act there.
      secret: { token: 'not-used', webhookSecret: githubWebhookSecret },
    },
    Connection,
  );
  return {
    projectId: project.id,
    slackId: slackConnection.id,
    githubId: github.id,
    githubHookUrl: z.url().parse(github.hookUrl),
    githubWebhookSecret,
  };
}
