import { SMTPServer } from 'smtp-server';

export interface SinkMessage {
  from: string;
  to: string[];
  /** The message as it was sent, headers and all. */
  raw: Buffer;
}

export interface SmtpSinkOptions {
  /** 0 unless given: any free port. */
  port?: number;
  /** When given, mail is taken only after signing in with these. */
  user?: string;
  password?: string;
  /** Recipients that are refused for good. */
  refuse?: readonly string[];
}

export interface SmtpSink {
  port: number;
  messages: readonly SinkMessage[];
  close(): Promise<void>;
}

/** A local mail server that keeps what it is given and delivers nothing. Loopback only, without TLS. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const messages: SinkMessage[] = [];
  const needsLogin = options.user !== undefined;
  const server = new SMTPServer({
    authOptional: !needsLogin,
    allowInsecureAuth: true,
    disabledCommands: needsLogin ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onAuth(auth, _session, done) {
      const known = auth.username === options.user && auth.password === options.password;
      if (known) done(null, { user: auth.username });
      else done(Object.assign(new Error('Authentication failed'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const refused = options.refuse?.includes(address);
      done(refused ? Object.assign(new Error('No such mailbox'), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      stream.toArray().then((chunks) => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : '';
        messages.push({ from, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
        done(null);
      }, done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The mail sink has no port.');
  return {
    port: address.port,
    messages,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
