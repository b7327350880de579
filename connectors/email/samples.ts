import type { z } from 'zod';
import { sampleFile } from '#core/sample-file.js';
import type { ReceivedMail } from './received-mail.js';

/** A message with an attachment. */
export const receivedMail: z.output<typeof ReceivedMail> = {
  messageId: '<20260504.0912.7c1e@mail.example.com>',
  from: { name: 'Ada Example', address: 'ada@example.com' },
  to: [{ name: 'Orders', address: 'orders@example.org' }],
  cc: [{ name: '', address: 'ben@example.com' }],
  replyTo: null,
  subject: 'Invoice for order 1042',
  date: '2026-05-04T09:12:30.000Z',
  text: 'Hello,\n\nthe invoice for order 1042 is attached.\n\nAda',
  html: '<p>Hello,</p><p>the invoice for order 1042 is attached.</p><p>Ada</p>',
  attachments: [
    {
      filename: 'invoice-1042.pdf',
      contentType: 'application/pdf',
      ...sampleFile(),
    },
  ],
  headers: { 'return-path': '<ada@example.com>' },
};
