import { type ParsedMail, simpleParser } from 'mailparser';
import { type SmtpSink, startSmtpSink } from '#stack/vendors/smtp-sink.js';
import { onTestsEnd } from './closing.js';
import { eventually } from './eventually.js';

export interface TestMailbox {
  /** As MAIL_URL. */
  url: string;
  /** Mails to an address so far, in the order in which they came. */
  mailsTo(address: string): Promise<ParsedMail[]>;
  /** Waits until there are as many mails to an address. */
  received(address: string, count?: number): Promise<ParsedMail[]>;
  /** Takes the server away; nobody answers at its port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** An address whose mail the server refuses for good. */
export const refusedAddress = 'nobody@refused.example';

/** A local mail server that keeps what the platform sends. */
export async function openTestMailbox(): Promise<TestMailbox> {
  const options = { refuse: [refusedAddress] };
  let sink: SmtpSink | undefined = await startSmtpSink(options);
  const { port } = sink;
  const earlier: SmtpSink['messages'][number][] = [];
  const mailsTo = (address: string) => {
    const all = [...earlier, ...(sink?.messages ?? [])];
    return Promise.all(all.filter(({ to }) => to.includes(address)).map(({ raw }) => simpleParser(raw)));
  };
  const stop = async () => {
    earlier.push(...(sink?.messages ?? []));
    await sink?.close();
    sink = undefined;
  };
  onTestsEnd(stop);
  return {
    url: `smtp://127.0.0.1:${port}`,
    mailsTo,
    received: (address, count = 1) =>
      eventually(`${count} mails have come for ${address}`, async () => {
        const mails = await mailsTo(address);
        return mails.length >= count ? mails : undefined;
      }),
    stop,
    async start() {
      sink ??= await startSmtpSink({ ...options, port });
    },
  };
}
