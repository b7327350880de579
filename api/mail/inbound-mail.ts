import type { MailReceiver } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { Hook } from '#runtime/deliveries.js';
import type { ApiApp } from '../api-app.js';

type MailHook = Extract<Hook, { kind: 'automation' }>;

/** Mail for automations: who may receive, and what becomes of a message. */
export interface InboundMail {
  /** Bytes of one message. */
  maxMessageSize: number;
  /** Throws `not_found` unless an active automation takes mail at this key. */
  findRecipient(hookKey: string): Promise<MailHook>;
  /** Writes one delivery a recipient; returns after the last is committed. Throws `malformed`. */
  deliver(message: Buffer, hookKeys: readonly string[]): Promise<void>;
}

/** Hands mail to the app `email`, which reads it. */
export function createInboundMail(app: ApiApp): InboundMail {
  const receiver = mailReceiver(app);
  async function findRecipient(hookKey: string): Promise<MailHook> {
    const hook = await app.intake.findHook(hookKey);
    if (hook.kind === 'automation' && hook.trigger === 'email.received') return hook;
    throw new AppError('not_found', 'Nobody takes mail at this address');
  }
  return {
    maxMessageSize: receiver.maxMessageSize,
    findRecipient,
    async deliver(message, hookKeys) {
      // One after the other: after a failure the sender tries again, and what is kept already is a repeat.
      for (const hookKey of hookKeys) {
        const { orgId } = await findRecipient(hookKey);
        const { deliveryId, payload } = await receiver.receive(message, app.services.files(orgId));
        const triggers = [receiver.trigger];
        await app.intake.accept({
          orgId,
          provider: 'email',
          hookKey,
          externalId: deliveryId,
          triggers,
          payload,
        });
      }
    },
  };
}

function mailReceiver(app: ApiApp): MailReceiver {
  const { inboundMail } = app.services.catalogue.connector('email');
  if (!inboundMail) throw new Error('The connector email cannot receive mail');
  return inboundMail;
}
