import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { simpleParser } from 'mailparser';
import { startSmtpSink } from '#stack/vendors/smtp-sink.js';
import { createMailer, MailError } from './mailer.js';

const mail = {
  id: '0198c0de-0000-7000-8000-00000000000a',
  recipient: 'ada@example.com',
  subject: 'News',
  body: { text: 'Hello', html: '<p>Hello</p>' },
};
const MAIL_FROM = 'Acme <no-reply@acme.example>';

describe('the mailer', () => {
  it('is none without a server', () => {
    assert.equal(createMailer({ MAIL_URL: undefined, MAIL_FROM }, 1_000), undefined);
  });

  it('signs in as its address says, and sends from its sender under an id of its own', async () => {
    const sink = await startSmtpSink({ user: 'us', password: 'p@ss' });
    const MAIL_URL = `smtp://us:${encodeURIComponent('p@ss')}@127.0.0.1:${sink.port}`;
    await createMailer({ MAIL_URL, MAIL_FROM }, 5_000)?.send(mail);
    const [message] = sink.messages;
    await sink.close();
    const sent = await simpleParser(message?.raw ?? '');
    assert.deepEqual([message?.from, message?.to], ['no-reply@acme.example', ['ada@example.com']]);
    assert.equal(sent.messageId, `<${mail.id}@acme.example>`);
    assert.equal(sent.headers.get('auto-submitted'), 'auto-generated');
  });

  it('does not give a mail up because it may not sign in', async () => {
    const sink = await startSmtpSink({ user: 'us', password: 'right' });
    const MAIL_URL = `smtp://us:wrong@127.0.0.1:${sink.port}`;
    await assert.rejects(
      async () => createMailer({ MAIL_URL, MAIL_FROM }, 5_000)?.send(mail),
      (error: unknown) => error instanceof MailError && !error.isFinal && !error.message.includes('wrong'),
    );
    await sink.close();
  });

  it('gives a mail up that the server refuses for good', async () => {
    const sink = await startSmtpSink({ refuse: [mail.recipient] });
    const MAIL_URL = `smtp://127.0.0.1:${sink.port}`;
    await assert.rejects(
      async () => createMailer({ MAIL_URL, MAIL_FROM }, 5_000)?.send(mail),
      (error: unknown) => error instanceof MailError && error.isFinal,
    );
    await sink.close();
  });

  it('waits no longer than it may for a server that says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const MAIL_URL = `smtp://127.0.0.1:${port}`;
    await assert.rejects(
      async () => createMailer({ MAIL_URL, MAIL_FROM }, 100)?.send(mail),
      (error: unknown) => error instanceof MailError && !error.isFinal && /100 ms/.test(error.message),
    );
    silent.close();
  });
});
