import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { WebhookTriggerInput } from '#core/automation/triggers/webhook.js';
import { type Connector, defineConnector } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { Hook } from '#runtime/deliveries.js';
import { type MemoryApp, memoryApp, orgId, type ServedApp, serve } from '../testing/memory-app.js';
import { readJson } from '../testing/read-json.js';
import { openDevMailbox } from './dev-mailbox.js';
import { type MailServer, startSmtpServer } from './smtp-server.js';

const maxMessageSize = 32 * 1024;

/** Takes a message apart as far as these tests need. */
const mailConnector: Connector = defineConnector({
  name: 'email',
  title: 'Email',
  description: 'Sends and receives mail.',
  config: z.object({}),
  auth: { kind: 'none' },
  actions: [],
  triggers: [],
  inboundMail: {
    trigger: 'email.received',
    maxMessageSize,
    async receive(message) {
      const text = new TextDecoder().decode(message);
      if (text.includes('X-Broken')) throw new AppError('malformed', 'This message cannot be read');
      return { deliveryId: /^Message-ID: (.*)$/m.exec(text)?.[1]?.trim() ?? '', payload: { text } };
    },
  },
  test: async () => ({ account: 'mail' }),
});

const hooks: Hook[] = [
  { kind: 'automation', orgId, hookKey: 'Mail-key', automationId: 'a1', trigger: 'email.received' },
  { kind: 'automation', orgId, hookKey: 'second', automationId: 'a2', trigger: 'email.received' },
  {
    kind: 'automation',
    orgId,
    hookKey: 'web-key',
    automationId: 'a3',
    trigger: 'webhook',
    input: WebhookTriggerInput.parse({}),
    secret: undefined,
  },
];

async function send(server: MailServer, message: SendMailOptions) {
  const transport = createTransport({ host: '127.0.0.1', port: server.port, secure: false, ignoreTLS: true });
  try {
    return await transport.sendMail({ from: 'ann@out.example', subject: 'Hello', text: 'Hi', ...message });
  } finally {
    transport.close();
  }
}

function refusedWith(responseCode: number) {
  return (error: unknown) => {
    assert.ok(error instanceof Error && 'responseCode' in error, String(error));
    assert.equal(error.responseCode, responseCode);
    return true;
  };
}

describe('inbound mail', () => {
  let app: MemoryApp;
  let server: MailServer;

  beforeEach(async () => {
    app = await memoryApp({
      connectors: [mailConnector],
      hooks,
      environment: { INBOUND_MAIL_DOMAIN: 'in.example' },
    });
    server = await startSmtpServer(app, '127.0.0.1', 0);
  });
  afterEach(() => server.close());

  it('keeps a message for each automation that it is for', async () => {
    await send(server, { to: ['Mail-key@in.example', 'second@IN.example'], messageId: '<m1@out.example>' });
    assert.deepEqual(
      app.deliveries.map(({ payload, ...delivery }) => delivery),
      ['Mail-key', 'second'].map((hookKey) => ({
        orgId,
        provider: 'email',
        hookKey,
        externalId: '<m1@out.example>',
        triggers: ['email.received'],
      })),
    );
    assert.match(JSON.stringify(app.deliveries[0]?.payload), /Subject: Hello/);
  });

  it('keeps a message that comes twice once', async () => {
    const message = { to: 'second@in.example', messageId: '<m1@out.example>' };
    await send(server, message);
    await send(server, message);
    assert.equal(app.deliveries.length, 1);
  });

  it('refuses recipients that take no mail, and other domains', async () => {
    for (const to of ['nobody@in.example', 'web-key@in.example', 'second@other.example']) {
      await assert.rejects(send(server, { to }), refusedWith(550), to);
    }
    assert.deepEqual(app.deliveries, []);
  });

  it('refuses a message that is too large', async () => {
    const text = 'long line\n'.repeat(maxMessageSize / 10 + 1);
    await assert.rejects(send(server, { to: 'second@in.example', text }), refusedWith(552));
    assert.deepEqual(app.deliveries, []);
  });

  it('refuses a message that cannot be read for good', async () => {
    await assert.rejects(send(server, { to: 'second@in.example', text: 'X-Broken' }), refusedWith(554));
  });

  it('asks the sender to come back when the message could not be kept', async () => {
    const loseConnection = async () => {
      throw new Error('connection lost: password=hunter2');
    };
    app.intake.accept = loseConnection;
    await assert.rejects(send(server, { to: 'second@in.example' }), (error: unknown) => {
      assert.doesNotMatch(String(error), /hunter2/);
      return refusedWith(451)(error);
    });
    app.intake.findHook = loseConnection;
    await assert.rejects(send(server, { to: 'second@in.example' }), refusedWith(451));
  });
});

describe('the development mailbox', () => {
  let folder: string;
  let server: MailServer;
  let site: ServedApp;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'mailbox-')), 'mail');
    const environment = { INBOUND_MAIL_DOMAIN: 'in.example', DEV_MAILBOX_FOLDER: folder };
    const app = await memoryApp({ connectors: [mailConnector], hooks, environment });
    server = await startSmtpServer(app, '127.0.0.1', 0);
    site = await serve(app);
  });
  afterEach(async () => {
    await Promise.all([server.close(), site.close()]);
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  const page = (path = '') => fetch(`${site.url}/dev/mailbox${path}`);
  async function onlyId(): Promise<string> {
    const { items } = z
      .object({ items: z.array(z.object({ id: z.string() })) })
      .parse(await readJson(await page('.json')));
    assert.equal(items.length, 1);
    return items[0]?.id ?? '';
  }

  it('says that it is empty', async () => {
    assert.match(await (await page()).text(), /No mail yet/);
    assert.deepEqual(await readJson(await page('.json')), { items: [] });
  });

  it('shows mail for other domains, escaped, with its HTML part in a sandbox', async () => {
    await send(server, {
      to: '"Bob <b>" <bob@other.example>',
      subject: '<script>alert(1)</script>',
      text: 'Dear <Bob>',
      html: '<p>Dear <script>alert(2)</script></p>',
      attachments: [{ filename: 'a&b.txt', content: 'file' }],
    });
    const id = await onlyId();
    const list = await (await page()).text();
    assert.match(list, new RegExp(`href="/dev/mailbox/${id}"`));
    assert.match(list, /&lt;script&gt;alert\(1\)/);

    const message = await (await page(`/${id}`)).text();
    assert.match(message, /Dear &lt;Bob&gt;/);
    assert.match(message, /a&amp;b\.txt/);
    assert.match(message, /<iframe sandbox /);
    assert.doesNotMatch(list + message, /<script>/);

    const part = await page(`/${id}/html`);
    assert.match(part.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
    assert.match(await part.text(), /<p>Dear/);
    const raw = await page(`/${id}/raw`);
    assert.match(raw.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(await raw.text(), /^Delivered-To: bob@other\.example\r\n/);
  });

  it('has no page for an id that it did not give', async () => {
    await mkdir(folder);
    await writeFile(join(folder, '..', 'outside.eml'), 'Subject: private');
    for (const id of ['none', '..%2Foutside', '2026-01-01T00-00-00-000Z-000000000000']) {
      assert.equal((await page(`/${id}/raw`)).status, 404, id);
    }
  });

  it('still hands mail for the inbound domain to automations only', async () => {
    await assert.rejects(send(server, { to: 'nobody@in.example' }), refusedWith(550));
    await send(server, { to: ['second@in.example', 'bob@other.example'] });
    await onlyId();
  });

  it('keeps the newest 500, in the order in which they came', async () => {
    const mailbox = openDevMailbox(folder);
    const ids: string[] = [];
    for (let index = 0; index < 503; index += 1)
      ids.push(await mailbox.keep(Buffer.from('Subject: x\r\n\r\n'), []));
    assert.deepEqual(await mailbox.list(), ids.slice(3).reverse());
    assert.equal((await readdir(folder)).length, 500);
  });
});
