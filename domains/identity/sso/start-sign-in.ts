import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import type { PublicContext } from '#runtime/domain.js';
import { ReturnTo } from './return-to.js';
import { beginWay, makeTicket } from './sign-in-state.js';
import { wayTo } from './way-to.js';

export const StartSignIn = z.strictObject({
  provider: z.string().max(64).describe('google, microsoft, github, or the key of a connection'),
  returnTo: ReturnTo,
});

export const Started = z.object({
  redirectUrl: z.string().describe('The provider, with what it has to know'),
  state: z.string(),
  isPostedBack: z.boolean().describe("The answer comes as a form that the provider's site posts"),
  browserSecret: z.string().describe('For a cookie of the browser that goes there, and nowhere else'),
});

/** Begins a way through a provider. Throws `not_found` for an unknown one, `provider_unavailable`. */
export const startSignIn: PublicAction<PublicContext> = definePublicAction({
  name: 'sign_in.start',
  title: 'Start signing in through a provider',
  description: 'Makes the address of the provider to go to.',
  effect: 'write',
  input: StartSignIn,
  output: Started,
  async run({ services }: PublicContext, { provider, returnTo }) {
    const ticket = makeTicket();
    const { redirectUrl, ...way } = await wayTo(services, provider, ticket, services.database.withOrg);
    await services.database.withoutOrg((transaction) => beginWay(transaction, ticket, { ...way, returnTo }));
    return { redirectUrl, isPostedBack: way.requestId !== undefined, ...ticket };
  },
});
