import assert from 'node:assert/strict';
import type { ConnectorContext } from '#core/connector.js';
import { AppError, type ErrorCode } from '#core/errors.js';
import {
  type ContextChoices,
  createConnectorContext,
  runConnectorAction,
} from '#stack/vendors/connector-context.js';
import { type SlackServer, startSlackServer } from '#stack/vendors/slack-server.js';
import { slack } from './index.js';

const ada = { id: 'U0ADA00001', name: 'ada', real_name: 'Ada Lovelace', email: 'ada@example.com' };

describe('Slack actions', () => {
  let server: SlackServer;

  beforeEach(async () => {
    server = await startSlackServer({ token: 'xoxb-1', channels: ['bugs', 'talk'], users: [ada] });
  });
  afterEach(() => server.close());

  function context(choices: ContextChoices = {}): ConnectorContext {
    return createConnectorContext(slack, {
      config: { apiUrl: server.url },
      secret: { token: 'xoxb-1' },
      ...choices,
    });
  }

  function post(input: Record<string, unknown>, choices: ContextChoices = {}): Promise<unknown> {
    return runConnectorAction(slack, 'slack.post_message', context(choices), {
      channel: '#bugs',
      text: 'Hi',
      ...input,
    });
  }

  it('posts a message with its blocks and gives back where it is', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Hi* [you] & {me}' } }];
    const posted = await post({ text: '[1, 2] Grüße & "quotes"', blocks });
    const [message] = server.messages;
    assert.deepEqual(posted, { channel: message?.channel, ts: message?.ts, text: '[1, 2] Grüße & "quotes"' });
    assert.deepEqual(message?.blocks, blocks);
    assert.deepEqual(message?.metadata, {
      event_type: 'worksynapse_message',
      event_payload: { key: 'run-1:node:0' },
    });
  });

  it('shows what was posted', async () => {
    await post({ text: 'For the demo' });
    const shown = await fetch(new URL('/messages', server.url));
    assert.deepEqual(await shown.json(), server.messages);
  });

  it('posts once when the answer to the first attempt was lost', async () => {
    server.failNext(1, 'lost_answer');
    await rejects(post({}), 'provider_unavailable');
    const again = await post({}, { isRetry: true });
    assert.equal(server.messages.length, 1);
    assert.deepEqual(again, { channel: server.messages[0]?.channel, ts: server.messages[0]?.ts, text: 'Hi' });
  });

  it('finds the earlier message by the id of the channel and in a thread of several pages', async () => {
    const { channel, ts } = (await post({}, { idempotencyKey: 'first' })) as { channel: string; ts: string };
    for (let number = 0; number < 220; number += 1) {
      await post({ channel, thread_ts: ts }, { idempotencyKey: `other-${number}` });
    }
    const reply = await post({ channel, thread_ts: ts, text: 'Reply' });
    assert.deepEqual(await post({ channel, thread_ts: ts, text: 'Reply' }, { isRetry: true }), reply);
    const root = await post({}, { idempotencyKey: 'first', isRetry: true });
    assert.equal((root as { ts: string }).ts, ts);
    assert.equal(server.messages.length, 222);
  }).timeout(10_000);

  it('posts on a repeated attempt whose first attempt had no effect', async () => {
    await post({ text: 'Of another step' }, { idempotencyKey: 'other' });
    await post({ text: 'New' }, { isRetry: true });
    assert.deepEqual(
      server.messages.map(({ text }) => text),
      ['Of another step', 'New'],
    );
  });

  it('posts when the app lacks the scope to look for an earlier message', async () => {
    server.failNext(1, { body: { ok: false, error: 'missing_scope', needed: 'channels:read' } });
    await post({}, { isRetry: true });
    assert.equal(server.messages.length, 1);
  });

  it('does not post when looking for the earlier message fails for the moment', async () => {
    server.failNext(1, 'server_error');
    await rejects(post({}, { isRetry: true }), 'provider_unavailable');
    assert.equal(server.messages.length, 0);
  });

  it('looks a person up by email address', async () => {
    const found = await runConnectorAction(slack, 'slack.look_up_user', context(), { email: ada.email });
    assert.deepEqual(found, {
      id: 'U0ADA00001',
      name: 'ada',
      real_name: 'Ada Lovelace',
      display_name: '',
      is_bot: false,
      is_deleted: false,
      time_zone: 'Europe/London',
    });
    const unknown = { email: 'nobody@example.com' };
    await rejects(runConnectorAction(slack, 'slack.look_up_user', context(), unknown), 'not_found');
  });

  it('tells who the token belongs to', async () => {
    assert.deepEqual(await slack.test(context()), { account: 'worksynapse in Example' });
  });

  const refusals: [string, ErrorCode][] = [
    ['invalid_auth', 'credentials_expired'],
    ['not_authed', 'credentials_expired'],
    ['token_revoked', 'credentials_expired'],
    ['token_expired', 'credentials_expired'],
    ['account_inactive', 'credentials_expired'],
    ['missing_scope', 'forbidden'],
    ['restricted_action', 'forbidden'],
    ['ratelimited', 'limit_exceeded'],
    ['internal_error', 'provider_unavailable'],
    ['is_archived', 'validation'],
    ['an_error_of_tomorrow', 'validation'],
    ['<html>Bad gateway</html>', 'provider_unavailable'],
  ];
  for (const [error, code] of refusals) {
    it(`reports ${error} as ${code}`, async () => {
      server.failNext(1, { body: { ok: false, error } });
      await rejects(post({}), code);
    });
  }

  it('reports a wrong token, an unknown channel and a missing text by their own codes', async () => {
    await rejects(post({}, { secret: { token: 'xoxb-2' } }), 'credentials_expired');
    await assert.rejects(post({ channel: '#nowhere' }), (error: AppError) => {
      return error.code === 'validation' && error.issues[0]?.path === 'channel';
    });
    await assert.rejects(post({ text: '' }), { name: 'ZodError' });
  });

  it('waits as long as Slack asks when it limits the rate', async () => {
    server.failNext(1, 'rate_limited');
    await assert.rejects(post({}), { code: 'limit_exceeded', retryAfterMs: 7000 });
  });

  it('reports an outage, a refused address and a cancelled step', async () => {
    server.failNext(1, 'server_error');
    await rejects(post({}), 'provider_unavailable');
    await rejects(post({}, { config: { apiUrl: 'http://10.0.0.1/api/' } }), 'validation');
    const reason = new Error('cancelled');
    await assert.rejects(post({}, { signal: AbortSignal.abort(reason) }), reason);
  });
});

async function rejects(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof AppError && error.code === code);
}
