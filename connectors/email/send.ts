import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineConnectorAction, type FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { EmailContext } from './connection.js';
import { withTransport } from './transport.js';

/** Larger messages are refused by most servers. */
const maxAttachmentsSize = 25 * 1024 * 1024;

const OneLine = z.string().regex(/^[^\r\n\0]*$/, 'must be one line');
const Recipients = z.array(z.email()).max(100);

const Attachment = z.object({
  filename: OneLine.min(1).max(255),
  /** Where the content is kept: its SHA-256 in hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
});

export const sendEmail = defineConnectorAction({
  name: 'email.send',
  title: 'Send email',
  description: 'Sends a message, with attachments if wanted.',
  permission: 'email:send',
  effect: 'send',
  input: z
    .object({
      to: Recipients.min(1),
      cc: Recipients.optional(),
      bcc: Recipients.optional(),
      subject: OneLine.max(998),
      text: z.string().max(5_000_000).optional(),
      html: z.string().max(5_000_000).optional(),
      replyTo: z.email().optional(),
      attachments: z.array(Attachment).max(50).optional(),
    })
    .refine(({ text, html }) => text !== undefined || html !== undefined, {
      path: ['text'],
      message: 'A message needs text or html.',
    }),
  output: z.object({
    messageId: z.string(),
    accepted: z.array(z.string()),
    /** Recipients that the server refused while it took the message for others. */
    rejected: z.array(z.string()),
  }),
  async run(context: EmailContext, { attachments = [], ...message }) {
    const files = await readAttachments(context.files, attachments);
    const messageId = messageIdOf(context.idempotencyKey, context.config.from);
    return withTransport(context, async (transport) => {
      const { from } = context.config;
      const mail = { ...message, from, messageId, attachments: files, signal: context.signal };
      const sent = await transport.sendMail(mail);
      return { messageId, accepted: sent.accepted, rejected: sent.rejected };
    });
  },
});

/** The same for every attempt of a step, so that receiving servers and mailboxes recognize a repeat. */
function messageIdOf(idempotencyKey: string, from: string): string {
  const domain = /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return `<${createHash('sha256').update(idempotencyKey).digest('hex')}@${domain}>`;
}

async function readAttachments(files: FileStore, attachments: readonly z.output<typeof Attachment>[]) {
  const read = [];
  let size = 0;
  for (const { filename, contentType, sha256 } of attachments) {
    const content = Buffer.from(await files.get(sha256));
    size += content.length;
    if (size > maxAttachmentsSize) {
      const issues = [
        { path: 'attachments', message: `Together they are larger than ${maxAttachmentsSize} bytes.` },
      ];
      throw new AppError('validation', 'The attachments are too large to be sent by email.', { issues });
    }
    read.push({ filename, contentType, content });
  }
  return read;
}
