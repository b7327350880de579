import type { ActionDescription } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { gatesAfterInput, gatesBeforeInput, pass } from '../authorize.js';
import type { Actor } from '../caller.js';
import {
  compareCalls,
  type EarlierCall,
  type IdempotencySlot,
  idempotencySlot,
  lockKey,
} from '../idempotency.js';
import { resolveActor } from '../resolve-actor.js';
import { validate } from '../validate.js';
import type { Call } from './call.js';

export interface Admission {
  actor: Actor;
  /** Parsed. */
  input: unknown;
  slot: IdempotencySlot | undefined;
  earlier: EarlierCall;
}

/**
 * Steps 1 to 5 of the door, in one transaction: who is it, may they, is the input valid, is an approval needed, has
 * it been done before. Throws `unauthenticated`, `forbidden`, `step_up_required`, `validation`, `approval_required`,
 * `conflict`.
 */
export async function admit(
  transaction: Transaction,
  action: ActionDescription,
  call: Call,
): Promise<Admission> {
  const { caller, options } = call;
  const key = options.idempotencyKey;
  if (key !== undefined && action.holdsSecret) {
    throw invalidField({
      path: 'Idempotency-Key',
      message: 'is not taken here: secrets are not kept',
    });
  }
  const slot = key === undefined ? undefined : idempotencySlot(caller, key);
  const [actor, locked] = await Promise.all([
    resolveActor(transaction, caller),
    slot ? lockKey(transaction, slot, caller.kind === 'automation') : undefined,
  ]);
  pass(gatesBeforeInput, actor, action);
  const input = validate(action.input, call.input);
  pass(gatesAfterInput, actor, action);
  const earlier = compareCalls(locked, action, input);
  if (actor.isRunOver && earlier.state !== 'finished') {
    throw new AppError('conflict', 'The run has ended; nothing more is begun for it');
  }
  return { actor, input, slot, earlier };
}
