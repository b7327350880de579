import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawDelivery } from '#core/connector.js';
import { projectRoot } from '#runtime/project-root.js';
import { slack } from './index.js';

const secret = { token: 'xoxb-1', signingSecret: 'signing secret' };
const now = 1_760_000_000_000;

/** The example in Slack's documentation of signatures. */
const documented = {
  secret: { token: 't', signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' },
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
    '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
    '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
    '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
};

describe('Slack webhook', () => {
  const events: [string, string][] = [
    ['slack-message', 'slack.message_posted'],
    ['slack-app-mention', 'slack.app_mentioned'],
    ['slack-reaction-added', 'slack.reaction_added'],
  ];
  for (const [file, trigger] of events) {
    it(`fires ${trigger} with the whole envelope but the verification token`, async () => {
      const body = await payload(file);
      const { token, ...expected } = JSON.parse(body);
      assert.ok(token);
      const received = await receive(signed(body));
      assert.ok(received.kind === 'event');
      assert.equal(received.deliveryId, expected.event_id);
      assert.deepEqual(received.triggers, [trigger]);
      const output = slack.triggers.find(({ name }) => name === trigger)?.output;
      assert.deepEqual(output?.parse(received.payload), expected);
    });
  }

  it('reads the sample of each trigger as an event that fires it', async () => {
    for (const { name, sample } of slack.triggers) {
      const received = await receive(signed(JSON.stringify(sample)));
      assert.deepEqual(received.kind === 'event' && received.triggers, [name]);
    }
  });

  it('fires nothing for edits, joins, messages of bots and other events', async () => {
    const message = JSON.parse(await payload('slack-message'));
    const others = [
      { ...message.event, subtype: 'message_changed' },
      { ...message.event, subtype: 'channel_join' },
      { ...message.event, bot_id: 'B123ABC456' },
      { type: 'team_join', user: { id: 'U1' } },
    ];
    for (const event of others) {
      const received = await receive(signed(JSON.stringify({ ...message, event })));
      assert.deepEqual(received.kind === 'event' && received.triggers, []);
    }
  });

  it('answers the handshake with its challenge', async () => {
    assert.deepEqual(await receive(signed(await payload('slack-url-verification'))), {
      kind: 'handshake',
      contentType: 'text/plain',
      body: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
  });

  it('keeps a notice of dropped events without firing anything', async () => {
    const notice = {
      type: 'app_rate_limited',
      team_id: 'T1',
      minute_rate_limited: 1518467820,
      api_app_id: 'A1',
    };
    const received = await receive(signed(JSON.stringify(notice)));
    assert.deepEqual(received, {
      kind: 'event',
      deliveryId: 'app_rate_limited:T1:1518467820',
      triggers: [],
      payload: notice,
    });
  });

  it("accepts Slack's documented signature", async () => {
    const { timestamp, signature, body } = documented;
    const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
    const delivery = { headers, body: Buffer.from(body), receivedAt: Number(timestamp) * 1000 };
    // The documented body is a form, so a signature that holds leads on to the next complaint.
    await assert.rejects(receive(delivery, documented.secret), { code: 'malformed' });
    const changed = { ...delivery, body: Buffer.from(body.replace('roadrunner', 'coyote')) };
    await assert.rejects(receive(changed, documented.secret), { code: 'unauthenticated' });
  });

  it('refuses a signature that does not match, and the handshake without one', async () => {
    const body = await payload('slack-url-verification');
    const genuine = signed(body);
    for (const signature of [
      '',
      'v0=',
      `v0=${'0'.repeat(64)}`,
      genuine.headers['x-slack-signature']?.slice(3) ?? '',
    ]) {
      const headers = { ...genuine.headers, 'x-slack-signature': signature };
      await assert.rejects(receive({ ...genuine, headers }), { code: 'unauthenticated' });
    }
    await assert.rejects(receive(genuine, { token: 'xoxb-1' }), { code: 'unauthenticated' });
  });

  it('refuses a delivery more than five minutes old or ahead', async () => {
    const body = await payload('slack-message');
    for (const seconds of [-301, 301]) {
      await assert.rejects(receive(signed(body, now + seconds * 1000)), { code: 'unauthenticated' });
    }
    for (const seconds of [-299, 299]) await receive(signed(body, now + seconds * 1000));
  });

  it('refuses a genuine delivery that cannot be read', async () => {
    for (const body of ['{', '[]', '{"type":"event_callback"}', '{"type":"unheard_of"}']) {
      await assert.rejects(receive(signed(body)), { code: 'malformed' });
    }
  });
});

function payload(name: string): Promise<string> {
  return readFile(join(projectRoot, `stack/vendors/payloads/${name}.json`), 'utf8');
}

function receive(delivery: RawDelivery, given: unknown = secret) {
  assert.ok(slack.webhook);
  return slack.webhook.receive(delivery, given);
}

function signed(body: string, sentAt = now): RawDelivery {
  const timestamp = String(Math.floor(sentAt / 1000));
  const digest = createHmac('sha256', secret.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` },
    body: Buffer.from(body),
    receivedAt: now,
  };
}
