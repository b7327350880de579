import { type ActionDescription, isOfPlatform } from '#core/action.js';
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
import { actForPlatform } from './act-for-platform.js';
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
  if (isOfPlatform(action.permission)) return admitSuperUser(transaction, action, call);
  const slot = key === undefined ? undefined : idempotencySlot(caller, key);
  const [actor, locked] = await Promise.all([
    resolveActor(transaction, caller),
    slot ? lockKey(transaction, slot, isOfRun(caller)) : undefined,
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

/** Attempts of a run follow one another, so that the next one waits for the one before. */
function isOfRun({ kind }: Call['caller']): boolean {
  return kind === 'automation' || kind === 'agent';
}

/** The same for what is the platform's: the rights are those on the platform; then it goes on as where it happens. */
async function admitSuperUser(
  transaction: Transaction,
  action: ActionDescription,
  { caller, options, input: given }: Call,
): Promise<Admission> {
  const signedIn = await resolveActor(transaction, caller);
  pass(gatesBeforeInput, signedIn, action);
  const input = validate(action.input, given);
  const actor = await actForPlatform(transaction, signedIn, action, input);
  const key = options.idempotencyKey;
  const slot =
    key === undefined ? undefined : { orgId: actor.orgId, principal: `${actor.kind}:${actor.id}`, key };
  const locked = slot && (await lockKey(transaction, slot, false));
  return { actor, input, slot, earlier: compareCalls(locked, action, input) };
}
