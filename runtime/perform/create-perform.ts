import { AppError } from '#core/errors.js';
import { createCookieJar } from '../cookie-jar.js';
import { noOrigin } from '../request-origin.js';
import { noteDenial } from '../security/note-refusals.js';
import type { Services } from '../services.js';
import { validate } from '../validate.js';
import type { Perform } from './perform.js';
import { performConnectorAction } from './perform-connector-action.js';
import { performDomainAction } from './perform-domain-action.js';

/** Builds the one door over a process's services. */
export function createPerform(services: Services): Perform {
  return async (caller, actionName, input, options = {}) => {
    const action = services.catalogue.action(actionName);
    if (action.kind === 'public') {
      const { requestId, origin = noOrigin, cookies = createCookieJar() } = options;
      const context = { services, origin, cookies, ...(requestId !== undefined && { requestId }) };
      return action.output.parse(await action.run(context, validate(action.input, input)));
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
