import { AppError } from '#core/errors.js';
import { noteDenial } from '../security/note-refusals.js';
import type { Services } from '../services.js';
import { validate } from '../validate.js';
import type { Perform } from './perform.js';
import { performConnectorAction } from './perform-connector-action.js';
import { performDomainAction } from './perform-domain-action.js';
import { performPublicAction } from './perform-public-action.js';

/** Builds the one door over a process's services. */
export function createPerform(services: Services): Perform {
  return async (caller, actionName, input, options = {}) => {
    const action = services.catalogue.action(actionName);
    if (action.kind === 'public') {
      return performPublicAction(services, action, { input: validate(action.input, input), options });
    }
    if (caller.kind === 'anonymous') throw new AppError('unauthenticated', 'Sign in, or send an API key');
    const call = { caller, input, options };
    try {
      if (action.kind === 'domain') return await performDomainAction(services, action, call);
      return await performConnectorAction(services, action, call);
    } catch (error) {
      await noteDenial(services, caller, { action: action.name, origin: options.origin }, error);
      throw error;
    }
  };
}
