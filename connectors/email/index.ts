import { defineConnector } from '#core/connector.js';
import { EmailConfig, EmailSecret } from './connection.js';
import { inboundMail } from './inbound-mail.js';
import { ReceivedMail } from './received-mail.js';
import { receivedMail } from './samples.js';
import { sendEmail } from './send.js';
import { withTransport } from './transport.js';

export const email = defineConnector({
  name: 'email',
  title: 'Email',
  description: "Sends mail through the organization's own server and receives it at an automation's address.",
  config: EmailConfig,
  auth: { kind: 'basic', secret: EmailSecret },
  actions: [sendEmail],
  triggers: [
    {
      name: 'email.received',
      title: 'Email received',
      description: "A message came to the automation's inbound address.",
      output: ReceivedMail,
      sample: receivedMail,
    },
  ],
  inboundMail,
  async test(context) {
    await withTransport(context, (transport) => transport.verify());
    return { account: context.secret.user ?? context.config.from };
  },
});
