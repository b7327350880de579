import { z } from 'zod';

const Address = z.object({ name: z.string(), address: z.string() });

/** A received message as automations see it. */
export const ReceivedMail = z.object({
  /** With angle brackets; null when the sender gave none. */
  messageId: z.string().nullable(),
  from: Address.nullable(),
  to: z.array(Address),
  cc: z.array(Address),
  replyTo: Address.nullable(),
  subject: z.string(),
  /** ISO 8601; null when the message has no date. */
  date: z.string().nullable(),
  /** Made from the HTML when the message has no plain text. */
  text: z.string(),
  html: z.string().nullable(),
  attachments: z.array(
    z.object({
      filename: z.string(),
      contentType: z.string(),
      /** Bytes. */
      size: z.number(),
      /** Where the content is kept. */
      sha256: z.string(),
    }),
  ),
  /** Lower-case names; those that tell lists, replies and automatic answers apart. */
  headers: z.record(z.string(), z.string()),
});
