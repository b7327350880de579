import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { BuiltOrganization } from '../builders/build-organization.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { type ServedSystem, servedSystem, serveSystem } from './served-system.js';
import {
  buildWebhookAutomation,
  buildWebhookSecret,
  postJson,
  respond,
  type WebhookAutomation,
} from './webhook-automation.js';

const Trigger = z.object({
  method: z.string(),
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.unknown()),
  body: z.unknown(),
});
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe("an automation's own webhook, over HTTP", () => {
  let system: ServedSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await servedSystem();
    organization = await buildOrganization(system.app);
  });

  /** What the only run of an automation got. */
  async function triggerOf(automation: WebhookAutomation): Promise<z.output<typeof Trigger>> {
    const [run] = await finishedRuns(system.app, automation.caller, automation.automationId);
    return Trigger.parse(run?.trigger);
  }

  async function metric(line: RegExp): Promise<number> {
    const text = await (await fetch(`${system.address}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((one) => line.test(one))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  }

  describe('takes', () => {
    it('the fields and files of a multipart form, files by reference', async () => {
      const automation = await buildWebhookAutomation(system.app, {}, undefined, organization);
      const picture = Buffer.concat([png, randomBytes(200_000)]);
      const form = new FormData();
      form.append('title', 'Grüße');
      form.append('tag', 'a');
      form.append('tag', 'b');
      form.append('photo', new File([picture], '../../ä photo.png', { type: 'image/png' }));
      form.append('empty', new File([], ''));
      const response = await fetch(automation.webhookUrl, { method: 'POST', body: form });
      assert.equal(response.status, 202);
      const file = { contentType: 'image/png', size: picture.length, sha256: sha256(picture) };
      assert.deepEqual((await triggerOf(automation)).body, {
        title: 'Grüße',
        tag: ['a', 'b'],
        photo: { fileName: 'ä photo.png', ...file },
      });
      const stored = await system.app.services.files(automation.orgId).get(sha256(picture));
      assert.ok(picture.equals(stored));
    });

    it('any other body as a file', async () => {
      const automation = await buildWebhookAutomation(system.app, {}, undefined, organization);
      const body = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3_000_000)]);
      const headers = { 'content-type': 'application/pdf; version=1' };
      assert.equal((await fetch(automation.webhookUrl, { method: 'POST', headers, body })).status, 202);
      assert.deepEqual((await triggerOf(automation)).body, {
        fileName: null,
        contentType: 'application/pdf',
        size: body.length,
        sha256: sha256(body),
      });
    });

    it('the methods that it names, with the query, and no other', async () => {
      const trigger = { input: { methods: ['GET', 'PUT'] } };
      const automation = await buildWebhookAutomation(system.app, trigger, undefined, organization);
      const refused = await postJson(automation.webhookUrl, {});
      assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, PUT']);
      assert.equal((await fetch(`${automation.webhookUrl}?a=1&a=2&b=x`)).status, 202);
      const { method, query, body } = await triggerOf(automation);
      assert.deepEqual(
        { method, query, body },
        { method: 'GET', query: { a: ['1', '2'], b: 'x' }, body: null },
      );
    });

    it('requests at its path and at its key, and at no other path', async () => {
      const trigger = { input: { path: 'orders/new', response: 'respond' } };
      const nodes = [respond('answer', { body: 'here' })];
      const automation = await buildWebhookAutomation(system.app, trigger, nodes, organization);
      const statusAt = async (path: string) => (await postJson(automation.webhookUrl + path, {})).status;
      assert.equal(await statusAt('/orders/new'), 200);
      assert.equal(await statusAt(''), 200);
      for (const path of ['/orders', '/orders/new/more', '/Orders/new', '/orders%2Fnew%00', '/x']) {
        assert.equal(await statusAt(path), 404, path);
      }
    });
  });

  it('refuses bodies that are too large, have too many parts, or break off', async () => {
    const { webhookUrl, listDeliveries } = await buildWebhookAutomation(system.app, {});
    const send = async (type: string, body: Buffer | string) =>
      (await fetch(webhookUrl, { method: 'POST', headers: { 'content-type': type }, body })).status;
    const boundary = 'multipart/form-data; boundary=x';
    const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nv\r\n`;
    assert.equal(await send('application/json', JSON.stringify('x'.repeat(1024 * 1024))), 413);
    assert.equal(await send('image/png', Buffer.alloc(16 * 1024 * 1024 + 1)), 413);
    assert.equal(await send(boundary, `${part('a').repeat(201)}--x--\r\n`), 413);
    assert.equal(await send(boundary, `${part('n'.repeat(300))}--x--\r\n`), 413);
    assert.equal(await send(boundary, part('a')), 400);
    assert.equal(await send('multipart/form-data', part('a')), 400);
    assert.equal(await send('text/plain', Buffer.from([0xff, 0xfe])), 400);
    assert.deepEqual(await listDeliveries(), []);
  });

  it('holds only so many bodies with files at a time', async () => {
    const { app } = await serveSystem({ limits: { fileBodiesPerOrganization: 0 } });
    const { webhookUrl } = await buildWebhookAutomation(app, {});
    const headers = { 'content-type': 'image/png' };
    assert.equal((await fetch(webhookUrl, { method: 'POST', headers, body: 'x' })).status, 429);
    assert.equal((await postJson(webhookUrl, {})).status, 202);
  });

  describe('proves its sender', () => {
    const body = '{"a": "Grüße"}';
    const json = { 'content-type': 'application/json' };
    const post = (url: string, headers: Record<string, string>, content: string | Buffer = body) =>
      fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: content });

    async function guarded(secret: { scheme: string } & Record<string, unknown>): Promise<WebhookAutomation> {
      const connection = await buildWebhookSecret(system.app, organization, secret);
      const trigger = { connection, input: { auth: secret.scheme } };
      return buildWebhookAutomation(system.app, trigger, undefined, organization);
    }

    /** Sends what has to be refused, then what is genuine: one delivery is kept, and refusals are counted. */
    async function assertGuarded(
      automation: WebhookAutomation,
      genuine: Record<string, string>,
      forged: readonly Record<string, string>[],
    ): Promise<void> {
      const before = await metric(/^worksynapse_hooks_rejected_total.*unauthenticated/);
      const known = (await automation.listDeliveries()).length;
      for (const headers of forged) {
        assert.equal((await post(automation.webhookUrl, headers)).status, 401, JSON.stringify(headers));
      }
      assert.equal((await automation.listDeliveries()).length, known);
      assert.equal(
        await metric(/^worksynapse_hooks_rejected_total.*unauthenticated/),
        before + forged.length,
      );
      assert.equal((await post(automation.webhookUrl, genuine)).status, 202);
      assert.equal((await automation.listDeliveries()).length, known + 1);
    }

    it('by name and password', async () => {
      const automation = await guarded({ scheme: 'basic', username: 'häns', password: 'pass:word' });
      const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
      const forged = [
        {},
        basic('häns:pass:wor'),
        basic('hans:pass:word'),
        { authorization: 'Bearer pass:word' },
      ];
      await assertGuarded(automation, basic('häns:pass:word'), forged);
      const refused = await post(automation.webhookUrl, {});
      assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic /);
      assert.equal(JSON.stringify(await triggerOf(automation)).includes('Basic'), false);
    });

    it('by the value of a header, which the run does not see', async () => {
      const automation = await guarded({ scheme: 'header', header: 'X-Token', value: 'correct-horse' });
      await assertGuarded(automation, { 'x-token': 'correct-horse' }, [{}, { 'x-token': 'correct-hors' }]);
      assert.equal('x-token' in (await triggerOf(automation)).headers, false);
    });

    it('by a signature over the raw body, in the form that the sender has', async () => {
      const secret = 'a shared secret';
      const forms = [
        { algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
        { algorithm: 'sha1', encoding: 'hex', prefix: '' },
        { algorithm: 'sha512', encoding: 'base64', prefix: '' },
      ] as const;
      for (const { algorithm, encoding, prefix } of forms) {
        const more = { header: 'x-signature', algorithm, encoding, prefix };
        const automation = await guarded({ scheme: 'hmac', secret, ...more });
        const sign = (text: string, key = secret) => ({
          'x-signature': prefix + createHmac(algorithm, key).update(text).digest(encoding),
        });
        await assertGuarded(automation, sign(body), [{}, sign(`${body} `), sign(body, 'another secret')]);
      }
    });

    it('by a signature with a timestamp, which may not be old', async () => {
      const secret = 'a shared secret';
      const names = { header: 'x-signature', timestampHeader: 'x-time', toleranceSeconds: 60 };
      const automation = await guarded({ scheme: 'hmac', secret, ...names });
      const sign = (secondsAgo: number, text = body) => {
        const time = String(Math.floor(Date.now() / 1000) - secondsAgo);
        const signature = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex');
        return { 'x-time': time, 'x-signature': signature };
      };
      const later = { ...sign(90), 'x-time': sign(0)['x-time'] };
      await assertGuarded(automation, sign(10), [sign(90), sign(-90), later, sign(0, 'other')]);
    });

    it('as Standard Webhooks say, and takes their id', async () => {
      const secret = `whsec_${randomBytes(32).toString('base64')}`;
      const automation = await guarded({ scheme: 'standard_webhooks', secret });
      const sign = (secondsAgo: number, key = secret, id = 'msg_1') => {
        const at = new Date(Date.now() - secondsAgo * 1000);
        return {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(key).sign(id, at, body),
        };
      };
      const other = `whsec_${randomBytes(32).toString('base64')}`;
      const renamed = { ...sign(0), 'webhook-id': 'msg_2' };
      await assertGuarded(automation, sign(0), [{}, sign(310), sign(-310), sign(0, other), renamed]);
      assert.equal((await automation.listDeliveries())[0]?.externalId, 'msg_1');
    });

    it('before the body is looked at', async () => {
      const automation = await guarded({ scheme: 'header', header: 'x-token', value: 'correct-horse' });
      assert.equal((await post(automation.webhookUrl, {}, '{"broken')).status, 401);
      assert.equal((await post(automation.webhookUrl, {}, Buffer.alloc(2 * 1024 * 1024))).status, 401);
      const hmac = await guarded({ scheme: 'hmac', secret: 'a shared secret', header: 'x-signature' });
      assert.equal((await post(hmac.webhookUrl, {}, '{"broken')).status, 401);
    });

    it('nobody any more once its connection is gone or proves in another way', async () => {
      const secret = { scheme: 'header', header: 'x-token', value: 'correct-horse' };
      const connection = await buildWebhookSecret(system.app, organization, secret);
      const trigger = { connection, input: { auth: 'header' } };
      const automation = await buildWebhookAutomation(system.app, trigger, undefined, organization);
      const { caller } = organization;
      const basic = { scheme: 'basic', username: 'hans', password: 'password' };
      await system.app.perform(caller, 'connections.update', { id: connection, secret: basic });
      assert.equal((await post(automation.webhookUrl, { 'x-token': 'correct-horse' })).status, 401);
      const again = await buildWebhookAutomation(
        system.app,
        { connection, input: { auth: 'basic' } },
        undefined,
        organization,
      );
      await system.app.perform(caller, 'connections.delete', { id: connection });
      const authorization = `Basic ${Buffer.from('hans:password').toString('base64')}`;
      assert.equal((await post(again.webhookUrl, { authorization })).status, 401);
    });
  });
});
