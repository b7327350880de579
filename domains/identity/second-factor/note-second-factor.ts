import type { DomainContext } from '#runtime/domain.js';
import { noteSecurityEvent } from '#runtime/security-events.js';

/** Tells the organization in which the caller is signed in that they have changed a second factor of theirs. */
export function noteSecondFactor(
  context: DomainContext,
  factor: 'totp' | 'passkey' | 'recovery_codes',
  change: 'added' | 'removed' | 'replaced',
): Promise<void> {
  const { userId } = context.actor;
  return noteSecurityEvent(context, { kind: 'second_factor_changed', userId, details: { factor, change } });
}
