import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { SMTPSentMessageInfo } from 'nodemailer';
import { createTransport, type Transporter } from 'nodemailer';
import { AppError } from '#core/errors.js';
import type { EmailContext } from './connection.js';
import { toEmailError } from './email-error.js';

/**
 * Opens the connection's SMTP server for one call and closes it after. The address comes from the guard, and TLS
 * is checked against the host's name. Throws AppError (email-error.ts), or the signal's reason on cancellation.
 */
export async function withTransport<Result>(
  context: EmailContext,
  use: (transport: Transporter<SMTPSentMessageInfo>) => Promise<Result>,
): Promise<Result> {
  const { config, secret, signal } = context;
  const { address } = await context.resolveHost(config.host);
  const hasLogin = secret.user !== undefined;
  const transport = createTransport({
    host: address,
    port: config.port,
    secure: config.secure,
    ...(isIP(config.host) === 0 && { servername: config.host, tls: { servername: config.host } }),
    ...(hasLogin && { auth: { user: secret.user, pass: secret.password ?? '' } }),
    // A password never travels in the clear.
    requireTLS: !config.secure && hasLogin && ipaddr.parse(address).range() !== 'loopback',
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    return await use(transport);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof AppError ? error : toEmailError(error, config.host);
  } finally {
    transport.close();
  }
}
