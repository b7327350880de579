import type { Transaction } from '#db/client.js';
import { publicUrl } from '#runtime/configuration.js';
import type { Services } from '#runtime/services.js';
import { verificationMail } from './email-mails.js';
import { issueEmailToken } from './email-token.js';
import { type Announce, mailPerson } from './mail-person.js';

/** Asks a person by mail whether the address is theirs. The transaction must have entered the person. */
export async function sendVerification(
  services: Services,
  transaction: Transaction,
  { id: userId, email }: { id: string; email: string },
): Promise<Announce> {
  const issued = await issueEmailToken(transaction, { userId, purpose: 'verify', email });
  if (!issued) return () => {};
  const url = emailLink(services, 'verify-email', issued.token);
  return mailPerson(services, transaction, userId, verificationMail(email, { ...issued, url }));
}

/** Where a mailed token leads: a page on which the person does what it is for. */
export function emailLink(
  { configuration }: Pick<Services, 'configuration'>,
  page: 'verify-email' | 'reset-password',
  token: string,
): string {
  return `${publicUrl(configuration)}/account/${page}/${token}`;
}
