import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { testWebhookSecret } from '../builders/build-connection.js';

/** GitHub's published example of an opened issue. */
export const issueOpened = readFileSync(
  join(projectRoot, 'stack', 'vendors', 'payloads', 'github-issues-opened.json'),
  'utf8',
);

export interface GitHubDelivery {
  id: string;
  /** Sent as it is. */
  body?: string;
  /** The body that was signed, where it is another than the one that is sent. */
  signedBody?: string;
  secret?: string;
}

/** Sends a delivery as GitHub does: https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers */
export async function sendGitHubDelivery(hookUrl: string, delivery: GitHubDelivery) {
  const { id, body = issueOpened, signedBody = body, secret = testWebhookSecret } = delivery;
  const signature = createHmac('sha256', secret).update(signedBody).digest('hex');
  const response = await fetch(hookUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}
