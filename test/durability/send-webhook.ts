import assert from 'node:assert/strict';
import { eventually } from '../eventually.js';

/** Sends one webhook and expects it to be taken in. */
export async function sendWebhook(webhookUrl: string, id: string, body: object): Promise<void> {
  assert.equal(await postWebhook(webhookUrl, id, body), 202);
}

/** Sends one webhook again and again until it is taken in, as a sender does that has no answer yet. */
export async function sendUntilAccepted(webhookUrl: string, id: string, body: object): Promise<void> {
  await eventually(`delivery ${id} is accepted`, async () => {
    const status = await postWebhook(webhookUrl, id, body).catch(() => 503);
    assert.ok(status === 202 || status >= 500, `an answer with status ${status}`);
    return status === 202 ? true : undefined;
  });
}

async function postWebhook(webhookUrl: string, id: string, body: object): Promise<number> {
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': id },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  });
  await response.body?.cancel();
  return response.status;
}
