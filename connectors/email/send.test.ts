import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { ConnectorContext } from '#core/connector.js';
import { AppError, type ErrorCode } from '#core/errors.js';
import {
  type ContextChoices,
  createConnectorContext,
  runConnectorAction,
} from '#stack/vendors/connector-context.js';
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from '#stack/vendors/smtp-sink.js';
import { email } from './index.js';

const from = 'Robot <robot@example.com>';

describe('email.send', () => {
  let sink: SmtpSink;

  afterEach(() => sink.close());

  async function open(
    options: SmtpSinkOptions = {},
    choices: ContextChoices = {},
  ): Promise<ConnectorContext> {
    sink = await startSmtpSink(options);
    return createConnectorContext(email, {
      config: { host: '127.0.0.1', port: sink.port, from },
      ...choices,
    });
  }

  function send(context: ConnectorContext, input: Record<string, unknown> = {}): Promise<unknown> {
    const mail = { to: ['ada@example.com'], subject: 'Hello', text: 'Hi', ...input };
    return runConnectorAction(email, 'email.send', context, mail);
  }

  it('sends text and HTML to every recipient without showing the blind ones', async () => {
    const context = await open();
    const sent = await send(context, {
      subject: 'Grüße – 你好',
      html: '<p>Hi</p>',
      cc: ['bob@example.com'],
      bcc: ['eve@example.com'],
      replyTo: 'desk@example.com',
    });
    const recipients = ['ada@example.com', 'bob@example.com', 'eve@example.com'];
    const [message] = sink.messages;
    assert.ok(message);
    assert.equal(message.from, 'robot@example.com');
    assert.deepEqual(message.to, recipients);
    const mail = await simpleParser(message.raw);
    assert.deepEqual(sent, { messageId: mail.messageId, accepted: recipients, rejected: [] });
    assert.equal(mail.subject, 'Grüße – 你好');
    assert.equal(mail.from?.text, '"Robot" <robot@example.com>');
    assert.equal(mail.replyTo?.text, 'desk@example.com');
    assert.equal(mail.text?.trim(), 'Hi');
    assert.equal(mail.html, '<p>Hi</p>');
    assert.ok(!message.raw.includes('eve@example.com'));
  });

  it('gives every attempt of a step the same Message-ID, and another step another', async () => {
    const context = await open();
    const messageId = async (one: ConnectorContext) => ((await send(one)) as { messageId: string }).messageId;
    const first = await messageId(context);
    assert.match(first, /^<[0-9a-f]{64}@example\.com>$/);
    assert.equal(await messageId({ ...context, isRetry: true }), first);
    assert.notEqual(await messageId({ ...context, idempotencyKey: 'run-2:node:0' }), first);
  });

  it('attaches files by their content address', async () => {
    const context = await open();
    const content = Buffer.from([0, 1, 2, 255]);
    const { sha256 } = await context.files.put(content, 'application/pdf');
    await send(context, {
      attachments: [{ filename: 'Übersicht.pdf', sha256, contentType: 'application/pdf' }],
    });
    const mail = await simpleParser(sink.messages[0]?.raw ?? '');
    const [attachment] = mail.attachments;
    assert.equal(attachment?.filename, 'Übersicht.pdf');
    assert.equal(attachment?.contentType, 'application/pdf');
    assert.deepEqual(attachment?.content, content);
  });

  it('refuses line breaks that would add headers or recipients', async () => {
    const context = await open();
    const attempts = [
      { subject: 'Hello\r\nBcc: eve@example.com' },
      { to: ['ada@example.com\r\nRCPT TO:<eve@example.com>'] },
      { replyTo: 'a@example.com\nX-Other: b' },
      { attachments: [{ filename: 'a\r\nX: b', sha256: '0'.repeat(64), contentType: 'text/plain' }] },
    ];
    for (const attempt of attempts) await assert.rejects(send(context, attempt), { name: 'ZodError' });
    assert.throws(() => email.config.parse({ host: 'a', from: 'Robot\r\nX: y <a@example.com>' }));
    assert.deepEqual(sink.messages, []);
  });

  it('keeps a subject that slips past the schema on its line', async () => {
    const context = await open();
    const action = email.actions.find(({ name }) => name === 'email.send');
    await action?.run(context, { to: ['ada@example.com'], subject: 'A\r\nBcc: eve@example.com', text: 'Hi' });
    const mail = await simpleParser(sink.messages[0]?.raw ?? '');
    assert.equal(mail.bcc, undefined);
    assert.deepEqual(sink.messages[0]?.to, ['ada@example.com']);
  });

  it('signs in, and reports a refused password as expired credentials', async () => {
    const login = { user: 'robot', password: 'right' };
    const context = await open(login, { secret: login });
    await send(context);
    assert.deepEqual(await email.test(context), { account: 'robot' });
    const wrong = { ...context, secret: { user: 'robot', password: 'wrong' } };
    await rejects(send(wrong), 'credentials_expired');
    await rejects(email.test(wrong), 'credentials_expired');
  });

  it('names refused recipients, and fails when there is no other', async () => {
    const context = await open({ refuse: ['gone@example.com'] });
    const sent = await send(context, { to: ['ada@example.com', 'gone@example.com'] });
    assert.deepEqual((sent as { rejected: string[] }).rejected, ['gone@example.com']);
    await assert.rejects(send(context, { to: ['gone@example.com'] }), (error: AppError) => {
      return error.code === 'validation' && error.issues[0]?.path === 'to';
    });
  });

  it('refuses a server inside a private network', async () => {
    const context = await open();
    await rejects(
      send({ ...context, config: { host: '10.0.0.1', port: 25, secure: false, from } }),
      'validation',
    );
  });

  it('reports a server that is away as unavailable', async () => {
    const context = await open();
    await sink.close();
    await rejects(send(context), 'provider_unavailable');
  });

  it('does not send when the step is cancelled', async () => {
    const reason = new Error('cancelled');
    const context = await open({}, { signal: AbortSignal.abort(reason) });
    await assert.rejects(send(context), reason);
    assert.deepEqual(sink.messages, []);
  });

  it('refuses a certificate that is not valid for the host', async () => {
    const context = await open();
    // smtp-server brings a self-signed certificate for localhost.
    const server = new SMTPServer({ secure: true, authOptional: true, logger: false });
    server.on('error', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    assert.ok(address && typeof address === 'object');
    const config = { host: 'localhost', port: address.port, secure: true, from };
    try {
      await rejects(send({ ...context, config }), 'provider_unavailable');
    } finally {
      await new Promise<void>((resolve) => server.close(resolve));
    }
  });
});

async function rejects(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof AppError && error.code === code);
}
