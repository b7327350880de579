import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { DemoError } from './demo-error.js';
import type { FollowedRun } from './follow-run.js';
import type { DemoSettings } from './settings.js';

export interface DemoMail {
  sender: { name: string; address: string };
  subject: string;
  attachment: { filename: string; sha256: string };
}

const sender = { name: 'Café Zürich', address: 'orders@cafe.example' };
const subject = 'Urgent: 40 chairs for the café in Zürich – by Friday';
const text = 'Hello,\n\nwe need 40 chairs by Friday; the list is attached.\n\nKind regards\nLéa';
const order = { filename: 'order.csv', content: 'article,quantity\nchair,40\n' };

/**
 * Sends a mail over SMTP as any mail program does: encoded subject (RFC 2047), text and an attachment. Returns what
 * was sent once the server has taken it. Throws DemoError if it does not.
 */
export async function sendMail(settings: DemoSettings, recipient: string): Promise<DemoMail> {
  const { smtpHost: host, smtpPort: port } = settings;
  const transport = createTransport({
    host,
    port,
    secure: false,
    ignoreTLS: true,
    connectionTimeout: 10_000,
  });
  try {
    await transport.sendMail({ from: sender, to: recipient, subject, text, attachments: [order] });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DemoError(`The mail server at ${host}:${port} did not take the mail: ${reason}`, { cause });
  } finally {
    transport.close();
  }
  const sha256 = createHash('sha256').update(order.content).digest('hex');
  return { sender, subject, attachment: { filename: order.filename, sha256 } };
}

const Attachment = z.object({ filename: z.string(), size: z.int(), sha256: z.string() });
const ReceivedMail = z.object({ attachments: z.tuple([Attachment]) });

/** The attachment of the mail that started a run. */
export function receivedAttachment(run: FollowedRun): z.output<typeof Attachment> {
  return ReceivedMail.parse(run.trigger).attachments[0];
}
