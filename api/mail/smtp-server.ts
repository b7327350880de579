import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { AppError, type ErrorCode } from '#core/errors.js';
import type { Logger } from '#runtime/logger.js';
import type { ApiApp } from '../api-app.js';
import { errorForLog } from '../error-for-log.js';
import { openDevMailbox } from './dev-mailbox.js';
import { createInboundMail } from './inbound-mail.js';

export interface MailServer {
  port: number;
  close(): Promise<void>;
}

interface Postman {
  maxMessageSize: number;
  logger: Logger;
  /** Throws an AppError when nobody takes mail at this address. */
  check(address: string): Promise<void>;
  /** Returns once the message is kept for every recipient. */
  deliver(message: Buffer, addresses: readonly string[]): Promise<void>;
}

/**
 * Listens for mail (RFC 5321). `<hook key>@INBOUND_MAIL_DOMAIN` goes to the automation of that key; any other domain
 * is refused, or kept in the development mailbox where DEV_MAILBOX_FOLDER is set. 250 means that it is committed.
 */
export async function startSmtpServer(app: ApiApp, host: string, port: number): Promise<MailServer> {
  const postman = createPostman(app);
  const server = new SMTPServer({
    banner: 'WorkSynapse',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    size: postman.maxMessageSize,
    maxClients: 200,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    onRcptTo: ({ address }, _session, done) => {
      postman.check(address).then(
        () => done(),
        (error) => done(reply(postman.logger, error)),
      );
    },
    onData: (stream, session, done) => {
      receive(postman, stream, session).then(
        () => done(null, 'Kept'),
        (error) => done(reply(postman.logger, error)),
      );
    },
  });
  server.on('error', (error: unknown) =>
    postman.logger.debug({ error: errorForLog(error) }, 'mail connection failed'),
  );
  const listener = server.listen(port, host);
  await once(listener, 'listening');
  return {
    port: portOf(listener.address()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function createPostman(app: ApiApp): Postman {
  const { INBOUND_MAIL_DOMAIN, DEV_MAILBOX_FOLDER } = app.services.configuration;
  const inbound = createInboundMail(app);
  const mailbox = DEV_MAILBOX_FOLDER === undefined ? undefined : openDevMailbox(DEV_MAILBOX_FOLDER);
  const hookKeyOf = (address: string) => {
    const at = address.lastIndexOf('@');
    const isOurs = address.slice(at + 1).toLowerCase() === INBOUND_MAIL_DOMAIN.toLowerCase();
    return isOurs ? address.slice(0, at) : undefined;
  };
  return {
    maxMessageSize: inbound.maxMessageSize,
    logger: app.services.logger,
    async check(address) {
      const hookKey = hookKeyOf(address);
      if (hookKey !== undefined) await inbound.findRecipient(hookKey);
      else if (!mailbox) throw new AppError('not_found', 'Mail for other domains is not accepted here');
    },
    async deliver(message, addresses) {
      const hookKeys = new Set(addresses.flatMap((address) => hookKeyOf(address) ?? []));
      const others = addresses.filter((address) => hookKeyOf(address) === undefined);
      await inbound.deliver(message, [...hookKeys]);
      if (mailbox && others.length > 0) await mailbox.keep(message, others);
    },
  };
}

async function receive(
  postman: Postman,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The protocol has no way to stop a sender, so what is too much is read and dropped.
  for await (const chunk of stream) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size <= postman.maxMessageSize) chunks.push(bytes);
  }
  if (size > postman.maxMessageSize) throw new AppError('payload_too_large', 'The message is too large');
  const addresses = session.envelope.rcptTo.map(({ address }) => address);
  await postman.deliver(Buffer.concat(chunks), addresses);
}

/** Codes of RFC 5321, 4.2.3. What is not the sender's fault is temporary: the sender keeps the message and comes back. */
const replyCodes: Partial<Record<ErrorCode, number>> = {
  not_found: 550,
  malformed: 554,
  validation: 554,
  payload_too_large: 552,
  limit_exceeded: 452,
};

function reply(logger: Logger, error: unknown): Error {
  const responseCode = error instanceof AppError ? (replyCodes[error.code] ?? 451) : 451;
  if (responseCode === 451) logger.error({ error: errorForLog(error) }, 'mail could not be taken');
  // How much room an organization has is nothing for whoever sends mail.
  const isShown = error instanceof AppError && responseCode >= 500;
  return Object.assign(new Error(isShown ? error.message : 'Try again later'), { responseCode });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('The mail server does not listen on a port');
  return address.port;
}
