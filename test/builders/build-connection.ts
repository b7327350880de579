import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from './builder-app.js';

const Connection = z.object({ id: z.uuid(), hookUrl: z.string().nullable() });

export type BuiltConnection = z.output<typeof Connection>;

/** The token and webhook secret that connections of tests hold. */
export const testToken = 'xoxb-4711-secret-token';
export const testWebhookSecret = 'a-webhook-secret-of-tests';

/** A connection to a local Slack at `apiUrl`. */
export async function buildSlackConnection(
  app: BuilderApp,
  caller: Caller,
  apiUrl: string,
): Promise<BuiltConnection> {
  return Connection.parse(
    await app.perform(caller, 'connections.create', {
      connector: 'slack',
      name: 'Slack',
      config: { apiUrl },
      secret: { token: testToken, signingSecret: testWebhookSecret },
    }),
  );
}

/** A connection to GitHub whose webhooks are signed with `testWebhookSecret`. */
export async function buildGitHubConnection(
  app: BuilderApp,
  caller: Caller,
  apiUrl = 'http://127.0.0.1:9',
): Promise<BuiltConnection> {
  return Connection.parse(
    await app.perform(caller, 'connections.create', {
      connector: 'github',
      name: 'GitHub',
      config: { apiUrl },
      secret: { token: testToken, webhookSecret: testWebhookSecret },
    }),
  );
}
