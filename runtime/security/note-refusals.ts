import { AppError } from '#core/errors.js';
import type { Caller } from '../caller.js';
import { noOrigin, type RequestOrigin } from '../request-origin.js';
import { recordSecurityEvent } from '../security-events.js';
import type { Services } from '../services.js';
import { recordPersonEvent } from './record-person-event.js';

type KnownCaller = Exclude<Caller, { kind: 'anonymous' }>;
type Needed = Pick<Services, 'database' | 'configuration' | 'vault' | 'logger'>;

/** Counts a call that was refused for want of a right, in a transaction of its own: that of the call has been rolled back. */
export async function noteDenial(
  services: Needed,
  caller: KnownCaller,
  { action, origin }: { action: string; origin: RequestOrigin | undefined },
  error: unknown,
): Promise<void> {
  if (!(error instanceof AppError) || error.code !== 'forbidden') return;
  const isAutomation = caller.kind === 'automation';
  const id = isAutomation ? caller.automationId : caller.kind === 'api_key' ? caller.keyId : caller.userId;
  await services.database
    .withOrg(caller.orgId, (db) =>
      recordSecurityEvent(services, db, {
        orgId: caller.orgId,
        kind: 'permission_denied',
        userId: isAutomation ? null : caller.userId,
        principal: { kind: caller.kind, id },
        origin,
        details: { action },
        ...(isAutomation && { runId: caller.runId, depth: caller.depth + 1 }),
      }),
    )
    .catch((err: unknown) => services.logger.error({ err, action }, 'A refusal could not be recorded'));
}

/**
 * Tells each organization of a person that somebody tried their account with a wrong password, or was kept from trying
 * after too many failures. Not to be waited for: an answer that takes longer would tell that there is such an account.
 */
export async function noteLogInRefusal(
  services: Needed,
  kind: 'log_in_failed' | 'log_in_blocked',
  { userId, origin }: { userId: string; origin: RequestOrigin | undefined },
): Promise<void> {
  await services.database
    .withUser(userId, (db) => recordPersonEvent(services, db, { kind, userId, origin }))
    .catch((err: unknown) => services.logger.error({ err, kind }, 'A refused log-in could not be recorded'));
}

/**
 * Tells that a key, with its secret, was refused for the network that it came from. Not to be waited for, as the answer
 * is that of a key that never was.
 */
export async function noteRefusedNetwork(
  services: Needed,
  key: { orgId: string; keyId: string; userId: string },
  ip: string | null,
): Promise<void> {
  const { orgId, keyId, userId } = key;
  await services.database
    .withOrg(orgId, (db) =>
      recordSecurityEvent(services, db, {
        orgId,
        kind: 'api_key_used_from_new_network',
        userId,
        principal: { kind: 'api_key', id: keyId },
        origin: { ...noOrigin, ip },
        details: { apiKeyId: keyId },
      }),
    )
    .catch((err: unknown) => services.logger.error({ err, keyId }, 'A refused key could not be recorded'));
}
