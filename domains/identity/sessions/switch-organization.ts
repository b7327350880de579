import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import { readSignInRules } from '#runtime/sign-in/sign-in-rules.js';
import { type SignInMethod, signInMethods } from '#runtime/sign-in-challenges.js';
import { letIn } from '../let-in.js';
import { enterUser } from '../person-context.js';
import { SignInAnswer } from '../second-factor/sign-in-answer.js';
import { isOfProvider } from '../sso/require-provider.js';
import { readMember } from './read-member.js';
import { lockSession, readRefreshToken, sessionOver, standingOf } from './session-of-token.js';

const Methods = z.array(z.enum(signInMethods));

/**
 * Opens a session in another organization of the same person, in place of the one of the cookie, with what was proven
 * there. Where that is not enough, it answers as log-in does, and the present session goes on. Throws `forbidden` for
 * one who is not an active member, and `step_up_required` where the proof is older than sessions last there.
 */
export const switchOrganization: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.switch_organization',
  title: 'Switch to another organization',
  description: 'Exchanges the session cookie for a session in another organization of yours.',
  effect: 'write',
  cookies: 'uses',
  emits: ['security.new_device'],
  http: { method: 'post', path: '/session/switch' },
  input: z.strictObject({ organizationId: z.uuid() }),
  output: SignInAnswer,
  async run(context: PublicContext, { organizationId: orgId }) {
    const { services, cookies } = context;
    const token = readRefreshToken(cookies.get('session'));
    const { answer, announce } = await services.database.withOrg(token.orgId, async (transaction) => {
      const session = await lockSession(transaction, token);
      const standing = session?.isGoingOn ? standingOf(services.tokenChain, token, session) : 'foreign';
      if (!session || (standing !== 'present' && standing !== 'just_replaced')) throw sessionOver();
      const { userId, authenticatedAt } = session;
      if (!(await readMember(transaction, token.orgId, userId))) throw sessionOver();
      await enterUser(transaction, userId);
      await enterOrg(transaction, orgId);
      await requireFreshProof(transaction, orgId, authenticatedAt);
      const methods = methodsAnywhere(Methods.parse(session.methods));
      return letIn(context, transaction, {
        orgId,
        userId,
        methods,
        authenticatedAt,
        action: switchOrganization,
      });
    });
    announce();
    return answer;
  },
});

async function requireFreshProof(transaction: Transaction, orgId: string, authenticatedAt: string) {
  const { absoluteHours } = await readSignInRules(transaction, orgId);
  if (Date.parse(authenticatedAt) + absoluteHours * 3_600_000 > Date.now()) return;
  throw new AppError('step_up_required', 'This organization asks for a newer sign-in: log in there');
}

/** What a person has proven by what is theirs. Whom an organization's provider vouches for, it does in that one only. */
function methodsAnywhere(methods: readonly SignInMethod[]): SignInMethod[] {
  const own = methods.filter((method) => !isOfProvider(method));
  if (own.length > 0) return own;
  throw new AppError(
    'step_up_required',
    'You came through the provider of another organization: log in there',
  );
}
