import type { ActionDescription } from '#core/action.js';
import type { ConnectorAction } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { type Gate, gatesBeforeInput } from '../authorize.js';
import type { Actor, Caller } from '../caller.js';
import type { Action } from '../domain.js';
import { resolveActor } from '../resolve-actor.js';
import type { Services } from '../services.js';

/**
 * The actions that a caller may perform at this moment, whatever their input: those that every gate before the input lets
 * pass. Throws as `resolveActor` does, and `unauthenticated` for nobody.
 */
export type PermittedActions = (caller: Caller) => Promise<(Action | ConnectorAction)[]>;

export function createPermittedActions({
  database,
  catalogue,
}: Pick<Services, 'database' | 'catalogue'>): PermittedActions {
  return async (caller) => {
    if (caller.kind === 'anonymous') throw new AppError('unauthenticated', 'Sign in, or send an API key');
    const actor = await database.withOrg(caller.orgId, (transaction) => resolveActor(transaction, caller));
    return [...catalogue.actions.values()].filter(
      (action) => action.kind !== 'public' && isPermitted(gatesBeforeInput, actor, action),
    );
  };
}

function isPermitted(gates: readonly Gate[], actor: Actor, action: ActionDescription): boolean {
  return gates.every(({ refusal }) => refusal(actor, action) === undefined);
}
