import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createMemoryFileStore } from '#stack/vendors/connector-context.js';
import { inboundMail } from './inbound-mail.js';
import { ReceivedMail } from './received-mail.js';

const files = createMemoryFileStore();

describe('inbound mail', () => {
  it('reads a plain message', async () => {
    const { deliveryId, mail } = await receive(
      'Message-ID: <m1@example.com>',
      'From: Ada Lovelace <ada@example.com>',
      'To: desk@inbound.example, "Bob" <bob@example.com>',
      'Cc: team: carol@example.com, dave@example.com;',
      'Reply-To: replies@example.com',
      'Subject: Printer',
      'Date: Tue, 01 Jul 2025 10:00:00 +0200',
      'Auto-Submitted: auto-replied',
      'References: <m0@example.com>',
      '\t<m00@example.com>',
      'X-Other: not kept',
      '',
      'It is on fire.',
      '',
    );
    assert.equal(deliveryId, '<m1@example.com>');
    assert.deepEqual(mail, {
      messageId: '<m1@example.com>',
      from: { name: 'Ada Lovelace', address: 'ada@example.com' },
      to: [
        { name: '', address: 'desk@inbound.example' },
        { name: 'Bob', address: 'bob@example.com' },
      ],
      cc: [
        { name: '', address: 'carol@example.com' },
        { name: '', address: 'dave@example.com' },
      ],
      replyTo: { name: '', address: 'replies@example.com' },
      subject: 'Printer',
      date: '2025-07-01T08:00:00.000Z',
      text: 'It is on fire.',
      html: null,
      attachments: [],
      headers: { 'auto-submitted': 'auto-replied', references: '<m0@example.com> <m00@example.com>' },
    });
  });

  it('reads encoded subjects, names and bodies in other character sets', async () => {
    const { mail } = await receive(
      'From: =?ISO-8859-1?Q?J=F6rg_M=FCller?= <joerg@example.com>',
      'Subject: =?UTF-8?B?R3LDvMOfZQ==?= =?UTF-8?Q?_aus_K=C3=B6ln?=',
      'Content-Type: text/plain; charset=windows-1252',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '=80 100, =93zitiert=94',
    );
    assert.equal(mail.from?.name, 'Jörg Müller');
    assert.equal(mail.subject, 'Grüße aus Köln');
    assert.equal(mail.text, '€ 100, “zitiert”');
    const japanese = await receive(
      'From: a@example.com',
      'Content-Type: text/plain; charset=ISO-2022-JP',
      '',
      '\x1b$B$3$s$K$A$O\x1b(B',
    );
    assert.equal(japanese.mail.text, 'こんにちは');
  });

  it('takes apart nested parts and stores attachments by content address', async () => {
    const { mail } = await receive(
      'From: a@example.com',
      'Subject: Parts',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain',
      '',
      'Plain',
      '--inner',
      'Content-Type: text/html',
      '',
      '<p>Rich <img src="cid:pic"></p>',
      '--inner--',
      '--outer',
      "Content-Type: application/pdf; name*=UTF-8''%C3%9Cbersicht.pdf",
      "Content-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht.pdf",
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('pdf content').toString('base64'),
      '--outer--',
    );
    assert.equal(mail.text, 'Plain');
    assert.equal(mail.html, '<p>Rich <img src="cid:pic"></p>');
    const sha256 = createHash('sha256').update('pdf content').digest('hex');
    assert.deepEqual(mail.attachments, [
      { filename: 'Übersicht.pdf', contentType: 'application/pdf', size: 11, sha256 },
    ]);
    assert.equal(Buffer.from(await files.get(sha256)).toString(), 'pdf content');
  });

  it('makes text from HTML when there is no plain text', async () => {
    const { mail } = await receive(
      'From: a@example.com',
      'Content-Type: text/html',
      '',
      '<h1>Order</h1><p>Two <b>boxes</b></p><script>alert(1)</script>',
    );
    assert.match(mail.text, /order\s+Two boxes$/i);
    assert.match(mail.html ?? '', /^<h1>/);
  });

  it('identifies a message without Message-ID, or with an endless one, by its content', async () => {
    const lines = ['From: a@example.com', '', 'Same text'];
    const first = await receive(...lines);
    assert.match(first.deliveryId, /^[0-9a-f]{64}$/);
    assert.equal((await receive(...lines)).deliveryId, first.deliveryId);
    assert.notEqual((await receive(...lines, 'and more')).deliveryId, first.deliveryId);
    const endless = await receive(`Message-ID: <${'m'.repeat(400)}@example.com>`, ...lines);
    assert.match(endless.deliveryId, /^[0-9a-f]{64}$/);
  });

  it('reads a message that leaves out everything it can', async () => {
    const { mail } = await receive('Received: from nowhere', '', '');
    assert.deepEqual([mail.from, mail.to, mail.subject, mail.date, mail.text], [null, [], '', null, '']);
  });

  it('refuses more than fifty attachments', async () => {
    const withAttachments = (count: number) => {
      const part = [
        '--b',
        'Content-Type: application/octet-stream',
        'Content-Disposition: attachment',
        '',
        'x',
      ];
      const parts = Array.from({ length: count }, () => part).flat();
      return receive(
        'From: a@example.com',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        ...parts,
        '--b--',
      );
    };
    assert.equal((await withAttachments(50)).mail.attachments.length, 50);
    await assert.rejects(withAttachments(51), { code: 'malformed' });
  });

  it('refuses parts nested without end', async () => {
    const depth = 300;
    const opened = Array.from({ length: depth }, (_, level) => [
      `Content-Type: multipart/mixed; boundary=b${level}`,
      '',
      `--b${level}`,
    ]).flat();
    await assert.rejects(receive('From: a@example.com', ...opened, 'Content-Type: text/plain', '', 'deep'), {
      code: 'malformed',
    });
  });

  it('reads HTML that is nested without end in a short time', async () => {
    const startedAt = performance.now();
    const { mail } = await receive(
      'From: a@example.com',
      'Content-Type: text/html',
      '',
      '<div>'.repeat(500_000),
    );
    assert.equal(mail.html?.length, 2_500_000);
    assert.ok(performance.now() - startedAt < 10_000);
  }).timeout(15_000);

  it('refuses what is no message, and one that is too large', async () => {
    for (const content of ['', 'no headers at all', '\0\x01']) {
      await assert.rejects(inboundMail.receive(Buffer.from(content), files), { code: 'malformed' });
    }
    const tooLarge = Buffer.alloc(inboundMail.maxMessageSize + 1, 'a');
    await assert.rejects(inboundMail.receive(tooLarge, files), { code: 'payload_too_large' });
  });
});

async function receive(...lines: string[]) {
  const { deliveryId, payload } = await inboundMail.receive(Buffer.from(lines.join('\r\n'), 'binary'), files);
  return { deliveryId, mail: ReceivedMail.parse(payload) };
}
