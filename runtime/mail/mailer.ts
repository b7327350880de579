import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Configuration } from '../configuration.js';
import type { MailBody } from './mail.js';

/** A mail as it goes to the operator's server. */
export interface ReadyMail {
  /** Makes its Message-ID: a receiver may know a repetition by it. */
  id: string;
  recipient: string;
  subject: string;
  body: MailBody;
}

export interface Mailer {
  /** Resolves when the server has taken it. Throws MailError. */
  send(mail: ReadyMail): Promise<void>;
}

/** Why a mail could not be sent. */
export class MailError extends Error {
  override readonly name = 'MailError';

  constructor(
    message: string,
    /** The server refused it; sending it again would change nothing. */
    readonly isFinal: boolean,
  ) {
    super(message);
  }
}

const defaultFrom = 'WorkSynapse <worksynapse@localhost>';

/**
 * Sends through the operator's own server, `MAIL_URL`; undefined without it. `deadlineMs` is the longest that one mail
 * may take, whatever the server does.
 */
export function createMailer(
  { MAIL_URL, MAIL_FROM = defaultFrom }: Pick<Configuration, 'MAIL_URL' | 'MAIL_FROM'>,
  deadlineMs: number,
): Mailer | undefined {
  if (MAIL_URL === undefined) return undefined;
  const options = transportOptions(new URL(MAIL_URL));
  const domain = /@([^\s<>@]+)>?$/.exec(MAIL_FROM)?.[1] ?? 'localhost';
  return {
    async send({ id, recipient, subject, body }) {
      const transport = createTransport(options);
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took longer than ${deadlineMs} ms`)), deadlineMs);
      });
      const sending = transport.sendMail({
        from: MAIL_FROM,
        to: { name: '', address: recipient },
        subject,
        ...body,
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      try {
        await Promise.race([sending, deadline]);
      } catch (error) {
        throw toMailError(error);
      } finally {
        clearTimeout(timer);
        transport.close();
        // After the deadline nobody listens to it any more.
        sending.catch(() => {});
      }
    },
  };
}

function transportOptions(url: URL) {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const hasLogin = url.username !== '';
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(hasLogin && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    // A password never travels in the clear, but within this machine.
    requireTLS: !secure && hasLogin && !isThisMachine(host),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Codes from 500 are final (RFC 5321, 4.2.1), unless they are about our own login. */
function toMailError(error: unknown): MailError {
  const { code, responseCode } = error instanceof Error ? partsOf(error) : { code: '', responseCode: 0 };
  const isFinal = responseCode >= 500 && responseCode < 600 && code !== 'EAUTH';
  const message = error instanceof Error ? error.message : 'The mail server did not answer';
  return new MailError(message.slice(0, 300), isFinal);
}

function partsOf(error: Error): { code: string; responseCode: number } {
  const code: unknown = Reflect.get(error, 'code');
  const responseCode: unknown = Reflect.get(error, 'responseCode');
  return {
    code: typeof code === 'string' ? code : '',
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
  };
}
