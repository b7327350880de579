import { type ParsedMail, simpleParser } from 'mailparser';
import { verificationSubject } from '#domains/identity/email/email-mails.js';
import { type SmtpSink, startSmtpSink } from '#stack/vendors/smtp-sink.js';
import { onTestsEnd } from './closing.js';
import { eventually } from './eventually.js';

export interface TestMailbox {
  /** As MAIL_URL. */
  url: string;
  /** Mails to an address so far, in the order in which they came; without those that ask whether it is right. */
  mailsTo(address: string): Promise<ParsedMail[]>;
  /** Waits for the newest mail to an address with this subject. */
  receivedAbout(address: string, subject: RegExp): Promise<ParsedMail>;
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
  const allTo = (address: string) => {
    const all = [...earlier, ...(sink?.messages ?? [])];
    return Promise.all(all.filter(({ to }) => to.includes(address)).map(({ raw }) => simpleParser(raw)));
  };
  const mailsTo = async (address: string) =>
    (await allTo(address)).filter(({ subject }) => subject !== verificationSubject);
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
    receivedAbout: (address, subject) =>
      eventually(`a mail about ${subject} has come for ${address}`, async () =>
        (await allTo(address)).findLast((mail) => subject.test(mail.subject ?? '')),
      ),
    stop,
    async start() {
      sink ??= await startSmtpSink({ ...options, port });
    },
  };
}
