import type { RawDelivery } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { WebhookHook } from '#runtime/deliveries.js';
import type { ApiApp } from '../api-app.js';

/** How the sender of one request to an automation's own address is proven. */
export interface SenderCheck {
  /** The proof is over the body. */
  needsBody: boolean;
  /** Not for the run to see. */
  credentialHeaders: readonly string[];
  /** Throws `unauthenticated`. */
  check(delivery: RawDelivery): void;
}

/**
 * The check that a webhook's trigger asks for; undefined where it asks for none. Throws `unauthenticated` where its
 * connection is gone, or proves senders in another way by now: then nobody is let in.
 */
export function senderCheck(app: ApiApp, { input, secret }: WebhookHook): SenderCheck | undefined {
  if (input.auth === 'none') return undefined;
  const requestCheck = app.services.catalogue.connectors.get('webhook')?.requestCheck;
  if (!requestCheck || secret === undefined || requestCheck.schemeOf(secret) !== input.auth) {
    throw new AppError('unauthenticated', 'The connection of this webhook can prove nobody');
  }
  return {
    needsBody: requestCheck.needsBody(secret),
    credentialHeaders: requestCheck.credentialHeaders(secret),
    check: (delivery) => requestCheck.check(delivery, secret),
  };
}
