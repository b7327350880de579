import { createHash } from 'node:crypto';
import { type AddressObject, type EmailAddress, type ParsedMail, simpleParser } from 'mailparser';
import type { z } from 'zod';
import type { FileStore, MailReceiver } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { ReceivedMail } from './received-mail.js';

type Mail = z.output<typeof ReceivedMail>;
type Address = Mail['to'][number];

const maxMessageSize = 25 * 1024 * 1024;
const maxAttachments = 50;

/** Longer ones are no identifiers of sane senders; the content's hash takes their place. */
const maxMessageIdLength = 250;

/** Characters of HTML that text is made from. The conversion is quadratic in depth, so its input is bounded. */
const maxHtmlLengthForText = 200_000;

const keptHeaders = new Set([
  'auto-submitted',
  'importance',
  'in-reply-to',
  'list-id',
  'list-unsubscribe',
  'precedence',
  'references',
  'return-path',
]);

const parserOptions = {
  keepCidLinks: true,
  skipTextToHtml: true,
  skipHtmlToText: true,
  /** Of mailsplit, which reads the parts: bounds their number and so their depth. */
  maxChildNodes: 200,
};

/** Reads RFC 5322 messages. Attachments are stored and referred to by content address. */
export const inboundMail: MailReceiver = {
  trigger: 'email.received',
  maxMessageSize,
  async receive(message, files) {
    if (message.length > maxMessageSize) {
      throw new AppError('payload_too_large', `The message is larger than ${maxMessageSize} bytes.`);
    }
    const parsed = await parse(message);
    const payload = await toReceivedMail(parsed, files);
    const { messageId } = payload;
    const hasUsableId = messageId !== null && messageId.length <= maxMessageIdLength;
    const deliveryId = hasUsableId ? messageId : createHash('sha256').update(message).digest('hex');
    return { deliveryId, payload };
  },
};

async function parse(message: Uint8Array): Promise<ParsedMail> {
  const parsed = await simpleParser(Buffer.from(message), parserOptions).catch((cause: unknown) => {
    throw new AppError('malformed', 'The message could not be read.', { cause });
  });
  // A line that is no header is given with an empty name.
  if (!parsed.headerLines.some(({ key }) => key !== ''))
    throw new AppError('malformed', 'The message has no headers.');
  if (parsed.attachments.length > maxAttachments) {
    throw new AppError('malformed', `The message has more than ${maxAttachments} attachments.`);
  }
  return parsed;
}

async function toReceivedMail(parsed: ParsedMail, files: FileStore): Promise<Mail> {
  const bytes = parsed.attachments.reduce((sum, { content }) => sum + content.byteLength, 0);
  // All of them or none.
  if (parsed.attachments.length > 1) await files.requireRoom(bytes);
  return {
    messageId: parsed.messageId?.trim() || null,
    from: addresses(parsed.from)[0] ?? null,
    to: addresses(parsed.to),
    cc: addresses(parsed.cc),
    replyTo: addresses(parsed.replyTo)[0] ?? null,
    subject: parsed.subject ?? '',
    date: parsed.date?.toISOString() ?? null,
    text: (parsed.text || (await textOfHtml(parsed.html || ''))).trimEnd(),
    html: parsed.html || null,
    attachments: await Promise.all(
      parsed.attachments.map(async ({ content, contentType, filename }) => {
        const { sha256, size } = await files.put(content, contentType);
        return { filename: filename ?? 'attachment', contentType, size, sha256 };
      }),
    ),
    headers: Object.fromEntries(
      parsed.headerLines
        .filter(({ key }) => keptHeaders.has(key))
        .map(({ key, line }) => [
          key,
          line
            .slice(key.length + 1)
            .replace(/\s+/g, ' ')
            .trim(),
        ]),
    ),
  };
}

/** Plain text of the beginning of an HTML body; empty when it cannot be made. */
async function textOfHtml(html: string): Promise<string> {
  const message = `Content-Type: text/html; charset=utf-8\r\n\r\n${html.slice(0, maxHtmlLengthForText)}`;
  const { text } = await simpleParser(message, { skipTextToHtml: true }).catch(() => ({ text: '' }));
  return text ?? '';
}

/** Groups (RFC 5322, 3.4) are given as their members. */
function addresses(given: AddressObject | AddressObject[] | undefined): Address[] {
  const flatten = ({ name, address, group }: EmailAddress): Address[] =>
    group ? group.flatMap(flatten) : address ? [{ name, address }] : [];
  return [given ?? []].flat().flatMap(({ value }) => value.flatMap(flatten));
}
