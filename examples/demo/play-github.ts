import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#runtime/project-root.js';
import { refusal } from './api.js';
import type { DemoApps } from './connect-apps.js';
import { expectEqual } from './demo-error.js';

const Payload = z.object({ issue: z.object({ title: z.string(), html_url: z.url() }) });
const Accepted = z.object({ deliveryId: z.uuid(), duplicate: z.boolean().default(false) });

export type GitHubIssue = z.output<typeof Payload>['issue'];

/** One delivery as GitHub sends it, to be sent as often as wanted. */
export interface GitHubDelivery {
  issue: GitHubIssue;
  /** Sends it; the same delivery id each time. Throws DemoError unless it is accepted. */
  send(): Promise<{ isDuplicate: boolean }>;
  /** Sends it with a signature that was made with another secret; it must be refused. */
  sendForged(): Promise<void>;
}

/**
 * GitHub's own published example of an opened issue, signed with the connection's secret.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export async function prepareGitHubDelivery(apps: DemoApps): Promise<GitHubDelivery> {
  const file = join(projectRoot, 'stack', 'vendors', 'payloads', 'github-issues-opened.json');
  const body = await readFile(file, 'utf8');
  const deliveryId = randomUUID();
  const post = (secret: string) =>
    fetch(apps.githubHookUrl, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/demo',
        'x-github-event': 'issues',
        'x-github-delivery': deliveryId,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    });
  return {
    issue: Payload.parse(JSON.parse(body)).issue,
    async send() {
      const response = await post(apps.githubWebhookSecret);
      if (response.status !== 202) throw await refusal('The delivery of GitHub', response);
      return { isDuplicate: Accepted.parse(await response.json()).duplicate };
    },
    async sendForged() {
      const response = await post('another secret');
      expectEqual('The answer to a forged delivery', response.status, 401);
    },
  };
}
