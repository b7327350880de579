import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { WebhookTriggerInput } from '#core/automation/triggers/webhook.js';
import type { Hook } from '#runtime/deliveries.js';
import { type MemoryApp, memoryApp, orgId, type ServedApp, serve } from '../testing/memory-app.js';
import { problemCode, readJson } from '../testing/read-json.js';
import { hookSecret, maxBodySize, sign, testConnector } from '../testing/test-connector.js';

const hooks: Hook[] = [
  {
    kind: 'connection',
    orgId,
    hookKey: 'acme-key',
    connectionId: 'c1',
    connector: 'acme',
    config: {},
    secret: hookSecret,
  },
  {
    kind: 'automation',
    orgId,
    hookKey: 'auto-key',
    automationId: 'a1',
    trigger: 'webhook',
    input: WebhookTriggerInput.parse({}),
    secret: undefined,
  },
  { kind: 'automation', orgId, hookKey: 'mail-key', automationId: 'a2', trigger: 'email.received' },
];

describe('webhook ingress', () => {
  let app: MemoryApp;
  let server: ServedApp;

  beforeEach(async () => {
    app = await memoryApp({ connectors: [testConnector], hooks });
    server = await serve(app, { limits: { hookRequestsPerSecond: 30 } });
  });
  afterEach(() => server.close());

  function post(path: string, body: string | undefined, headers: Record<string, string> = {}) {
    return fetch(`${server.url}/hooks/${path}`, {
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body }),
    });
  }
  function deliver(body: string, headers: Record<string, string> = {}) {
    const signed = { 'content-type': 'application/json', 'x-signature': sign(body), 'x-delivery': 'd1' };
    return post('acme/acme-key', body, { ...signed, ...headers });
  }
  async function metric(name: string): Promise<string[]> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith(name));
  }

  describe("of an app's connection", () => {
    it('keeps a signed delivery and answers 202 with its id', async () => {
      const response = await deliver('{"type":"created","title":"Bug"}');
      assert.equal(response.status, 202);
      assert.deepEqual(await readJson(response), { deliveryId: 'delivery-1' });
      assert.deepEqual(app.deliveries, [
        {
          orgId,
          provider: 'acme',
          hookKey: 'acme-key',
          externalId: 'd1',
          triggers: ['acme.created'],
          payload: { title: 'Bug' },
        },
      ]);
      assert.deepEqual(await metric('worksynapse_hooks_accepted_total'), [
        'worksynapse_hooks_accepted_total{provider="acme"} 1',
      ]);
    });

    it('acknowledges the same delivery again as a duplicate', async () => {
      await deliver('{"type":"created"}');
      const response = await deliver('{"type":"created"}');
      assert.equal(response.status, 202);
      assert.deepEqual(await readJson(response), { deliveryId: 'delivery-1', duplicate: true });
    });

    it('keeps a delivery that fires no trigger', async () => {
      assert.equal((await deliver('{"title":"ping"}')).status, 202);
      assert.deepEqual(app.deliveries[0]?.triggers, []);
    });

    it("answers the vendor's handshake and keeps nothing", async () => {
      const response = await deliver('{"challenge":"abc"}');
      assert.equal(response.status, 200);
      assert.equal(await response.text(), 'abc');
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
      assert.deepEqual(app.deliveries, []);
    });

    it('refuses a bad signature, keeps nothing and counts it', async () => {
      const response = await deliver('{"type":"created"}', { 'x-signature': sign('another body') });
      assert.equal(await problemCode(response), '401 unauthenticated');
      assert.deepEqual(app.deliveries, []);
      assert.deepEqual(await metric('worksynapse_hooks_rejected_total'), [
        'worksynapse_hooks_rejected_total{provider="acme",reason="unauthenticated"} 1',
      ]);
    });

    it('checks the signature over the bytes as they came', async () => {
      const body = '{ "type" : "created",\n "title":"Grüße" }';
      assert.equal((await deliver(body)).status, 202);
    });

    it('refuses a body that cannot be read', async () => {
      assert.equal(await problemCode(await deliver('{"type":')), '400 malformed');
    });

    it('refuses another content type', async () => {
      const response = await deliver('{}', { 'content-type': 'text/xml' });
      assert.equal(await problemCode(response), '415 unsupported_media_type');
    });

    it('refuses a body that says that it is too large', async () => {
      const response = await deliver(JSON.stringify({ text: 'x'.repeat(maxBodySize) }));
      assert.equal(await problemCode(response), '413 payload_too_large');
      assert.deepEqual(app.deliveries, []);
    });

    it('stops a body of unknown length at the limit, while the client is still sending', async () => {
      const outgoing = request(`${server.url}/hooks/acme/acme-key`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      });
      outgoing.on('error', () => {});
      const answered = once(outgoing, 'response');
      outgoing.write(Buffer.alloc(maxBodySize + 1, 'x'));
      const [response] = await answered;
      assert.equal(response.statusCode, 413);
      assert.equal(outgoing.writableEnded, false);
      response.resume();
      await once(outgoing, 'close');
    });
  });

  it('gives the same answer for an unknown key, another provider and a key that takes mail', async () => {
    const answers = await Promise.all(
      [
        'acme/none',
        'github/acme-key',
        'acme/auto-key',
        'webhook/acme-key',
        'email/mail-key',
        'webhook/a%00b',
      ].map(async (path) => {
        const response = await post(path, '{}', { 'content-type': 'application/json' });
        const { requestId, instance, ...problem } = await readJson(response);
        assert.ok(requestId && instance);
        return problem;
      }),
    );
    for (const answer of answers) {
      assert.deepEqual(answer, answers[0]);
      assert.equal(answer.status, 404);
    }
    assert.deepEqual(app.deliveries, []);
  });

  it('limits deliveries by key', async () => {
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, index) => deliver('{"type":"x"}', { 'x-delivery': `d${index}` })),
    );
    const refused = responses.filter(({ status }) => status === 429);
    assert.equal(refused.length, 10);
    assert.equal(refused[0]?.headers.get('retry-after'), '1');
    assert.equal((await post('webhook/auto-key', undefined)).status, 202);
  });

  it('logs deliveries at debug and never their key', async () => {
    await deliver('{"type":"created"}');
    const line = app.logs.find(({ msg }) => msg === 'request');
    assert.equal(line?.level, 20);
    await post('acme/acme-key/more', '{}');
    await fetch(`${server.url}/hooks/acme/acme-key`);
    assert.doesNotMatch(JSON.stringify(app.logs), /acme-key/);
  });

  describe("of an automation's own", () => {
    const payloadOf = () => app.deliveries[0]?.payload as Record<string, unknown>;

    it('keeps JSON with method, headers and query, without credentials', async () => {
      const response = await post('webhook/auto-key?a=1&a=2&b=3', '{"title":"Hi"}', {
        'content-type': 'application/json',
        'x-custom': 'yes',
        authorization: 'Bearer private',
        cookie: 'session=private',
      });
      assert.equal(response.status, 202);
      assert.equal(app.deliveries[0]?.provider, 'webhook');
      assert.deepEqual(app.deliveries[0]?.triggers, ['webhook']);
      const { method, headers, query, body } = payloadOf();
      assert.equal(method, 'POST');
      assert.deepEqual(query, { a: ['1', '2'], b: '3' });
      assert.deepEqual(body, { title: 'Hi' });
      assert.match(JSON.stringify(headers), /"x-custom":"yes"/);
      assert.doesNotMatch(JSON.stringify(headers), /private/);
    });

    it('keeps the fields of a form, text as it is, and nothing as null', async () => {
      await post('webhook/auto-key', 'a=1&b=x+y&b=z', {
        'content-type': 'application/x-www-form-urlencoded',
      });
      await post('webhook/auto-key', 'Grüße', { 'content-type': 'text/plain; charset=utf-8' });
      await post('webhook/auto-key', undefined);
      const bodies = app.deliveries.map(({ payload }) => (payload as { body: unknown }).body);
      assert.deepEqual(bodies, [{ a: '1', b: ['x y', 'z'] }, 'Grüße', null]);
    });

    it('takes webhook-id or idempotency-key as the id of the delivery, else a new one each time', async () => {
      const send = async (headers: Record<string, string>) =>
        readJson(await post('webhook/auto-key', undefined, headers));
      await send({ 'webhook-id': 'msg_1', 'idempotency-key': 'other' });
      assert.deepEqual(await send({ 'idempotency-key': 'msg_1' }), {
        deliveryId: 'delivery-1',
        duplicate: true,
      });
      await send({});
      await send({});
      assert.equal(app.deliveries.length, 3);
      assert.equal(app.deliveries[0]?.externalId, 'msg_1');
    });

    it('refuses what it cannot read or keep', async () => {
      const codeFor = async (body: string, type: string, headers: Record<string, string> = {}) =>
        problemCode(await post('webhook/auto-key', body, { 'content-type': type, ...headers }));
      assert.equal(await codeFor('{"a":', 'application/json'), '400 malformed');
      assert.equal(await codeFor('{"a":"\\u0000"}', 'application/json'), '400 malformed');
      assert.equal(
        await codeFor('x', 'text/plain', { 'content-encoding': 'gzip' }),
        '415 unsupported_media_type',
      );
      assert.equal(await codeFor('x'.repeat(1024 * 1024 + 1), 'text/plain'), '413 payload_too_large');
      assert.deepEqual(app.deliveries, []);
    });
  });
});
