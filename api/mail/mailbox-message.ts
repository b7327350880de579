import { type AddressObject, simpleParser } from 'mailparser';

/** A kept message as the mailbox shows it. */
export interface MailboxMessage {
  id: string;
  from: string;
  to: string;
  subject: string;
  /** ISO 8601, from the Date header; null if it has none. */
  sentAt: string | null;
  text: string;
  /** The HTML part as it was sent, or null. Never put into a page as it is. */
  html: string | null;
  attachments: { name: string; contentType: string; size: number }[];
}

/** Reads a raw message. */
export async function parseMailboxMessage(id: string, raw: Buffer): Promise<MailboxMessage> {
  const mail = await simpleParser(raw, { skipTextToHtml: true });
  return {
    id,
    from: addressText(mail.from),
    to: addressText(mail.to),
    subject: mail.subject ?? '',
    sentAt: mail.date?.toISOString() ?? null,
    text: mail.text ?? '',
    html: mail.html || null,
    attachments: mail.attachments.map(({ filename, contentType, size }) => ({
      name: filename ?? 'without a name',
      contentType,
      size,
    })),
  };
}

function addressText(address: AddressObject | AddressObject[] | undefined): string {
  return [address ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}
