import { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import type { RawDelivery, ReceivedDelivery, WebhookReceiver } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { GitHubSecret } from './connection.js';

const formType = 'application/x-www-form-urlencoded';

/**
 * GitHub's webhooks: HMAC SHA-256 of the raw body in `X-Hub-Signature-256`, at most 25 MB.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const githubWebhook: WebhookReceiver = {
  contentTypes: ['application/json', formType],
  maxBodySize: 25 * 1024 * 1024,
  async receive(delivery, secret) {
    const body = Buffer.from(delivery.body).toString('utf8');
    await checkSignature(body, delivery.headers, secret);
    return readDelivery(body, delivery);
  },
};

async function checkSignature(body: string, headers: RawDelivery['headers'], secret: unknown): Promise<void> {
  const { webhookSecret } = GitHubSecret.parse(secret);
  const signature = headers['x-hub-signature-256'];
  if (webhookSecret === undefined || signature === undefined || body === '') throw notGenuine();
  const isGenuine = await new Webhooks({ secret: webhookSecret }).verify(body, signature);
  if (!isGenuine) throw notGenuine();
}

function readDelivery(body: string, { headers }: RawDelivery): ReceivedDelivery {
  const deliveryId = headers['x-github-delivery'];
  const event = headers['x-github-event'];
  if (!deliveryId || !event)
    throw new AppError('malformed', "GitHub's delivery and event headers are missing.");
  const isForm = headers['content-type']?.startsWith(formType);
  const text = isForm ? new URLSearchParams(body).get('payload') : body;
  const payload = readPayload(text ?? '');
  return { kind: 'event', deliveryId, triggers: triggersOf(event, payload), payload };
}

const Payload = z.looseObject({
  action: z.string().optional(),
  pull_request: z.looseObject({ merged: z.boolean().nullish() }).optional(),
});

function readPayload(text: string): z.output<typeof Payload> {
  try {
    return Payload.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('malformed', 'The delivery of GitHub could not be read.', { cause });
  }
}

function triggersOf(event: string, { action, pull_request }: z.output<typeof Payload>): string[] {
  switch (action === undefined ? event : `${event}.${action}`) {
    case 'issues.opened':
      return ['github.issue_opened'];
    case 'issues.closed':
      return ['github.issue_closed'];
    case 'issues.labeled':
      return ['github.issue_labeled'];
    case 'issue_comment.created':
      return ['github.issue_commented'];
    case 'pull_request.opened':
      return ['github.pull_request_opened'];
    case 'pull_request.closed':
      return pull_request?.merged
        ? ['github.pull_request_closed', 'github.pull_request_merged']
        : ['github.pull_request_closed'];
    case 'push':
      return ['github.push'];
    case 'release.published':
      return ['github.release_published'];
    case 'workflow_run.completed':
      return ['github.workflow_run_completed'];
    default:
      return [];
  }
}

function notGenuine(): AppError {
  return new AppError('unauthenticated', 'The signature of the delivery does not match.');
}
