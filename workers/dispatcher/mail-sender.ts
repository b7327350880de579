import { z } from 'zod';
import { createMailer, MailError, type Mailer } from '#runtime/mail/mailer.js';
import type { Services } from '#runtime/services.js';
import { leaseSeconds, type MailOutcome, recordMail, type TakenMail } from './take-mails.js';

/** Sends mails beside the dispatcher's work: a slow mail server shall not keep runs waiting. */
export interface MailSender {
  /** How many more it can send now; undefined: none ever, there is no mail server. */
  room(): number | undefined;
  /** Sends them; what fails is repeated by its entry in the queue, so nothing is thrown here. */
  send(mails: readonly TakenMail[]): void;
  /** Resolves when what is in hand has been sent, or has failed. */
  stop(): Promise<void>;
}

const maxAtOnce = 20;
/** Well before another worker may take the mail. */
const deadlineMs = leaseSeconds * 500;
/** After about a day a mail is given up. */
const maxAttempts = 100;
const Body = z.object({ text: z.string(), html: z.string() });

export function createMailSender(services: Services): MailSender {
  const mailer = createMailer(services.configuration, deadlineMs);
  const underWay = new Set<Promise<void>>();
  return {
    room: () => mailer && maxAtOnce - underWay.size,
    send(mails) {
      if (!mailer) return;
      for (const mail of mails) {
        const sending = deliver(services, mailer, mail).finally(() => underWay.delete(sending));
        underWay.add(sending);
      }
    },
    async stop() {
      await Promise.all(underWay);
    },
  };
}

async function deliver(services: Services, mailer: Mailer, mail: TakenMail): Promise<void> {
  const { orgId, id } = mail;
  try {
    const outcome = await attempt(services, mailer, mail);
    await services.database.withOrg(orgId, (transaction) => recordMail(transaction, mail, outcome));
    if (outcome.kind === 'sent') return;
    const details = { orgId, mailId: id, attempt: mail.attempt, reason: outcome.error };
    if (outcome.kind === 'failed') services.logger.error(details, 'A mail could not be sent; it is given up');
    else services.logger.warn(details, 'A mail could not be sent; it will be tried again');
  } catch (err) {
    services.logger.warn(
      { err, orgId, mailId: id },
      'It is not known whether a mail was sent; it may be again',
    );
  }
}

async function attempt(
  { vault }: Services,
  mailer: Mailer,
  { orgId, id, recipient, subject, body, attempt: attempts }: TakenMail,
): Promise<MailOutcome> {
  try {
    const opened = Body.parse(vault.open({ orgId, rowId: id }, body));
    await mailer.send({ id, recipient, subject, body: opened });
    return { kind: 'sent' };
  } catch (error) {
    const isFinal = error instanceof MailError ? error.isFinal : true;
    const reason = error instanceof Error ? error.message : 'unknown';
    return { kind: isFinal || attempts >= maxAttempts ? 'failed' : 'again', error: reason };
  }
}
