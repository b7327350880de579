import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { PublicContext } from '#runtime/domain.js';
import { letIn } from '../let-in.js';
import { listOrganizations } from '../memberships.js';
import { Organization } from '../organization.js';
import { Session } from '../session.js';
import { PasskeyProof } from './passkey-proof.js';
import { takePasskey } from './take-passkey.js';

/**
 * Lets a person in by a passkey alone: possession and the authenticator's own check of the person are two factors.
 * Throws `unauthenticated`, the same for whatever is wrong, and `forbidden` for one who is not an active member.
 */
export const logInWithPasskey: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.log_in_with_passkey',
  title: 'Log in with a passkey',
  description: 'Exchanges the answer of a passkey for a session.',
  effect: 'write',
  cookies: 'opens',
  emits: ['security.new_device'],
  http: { method: 'post', path: '/log-in/passkey' },
  input: PasskeyProof.extend({
    organizationId: z.uuid().optional().describe('Which organization, for members of several'),
  }),
  output: Session.extend({ organizations: z.array(Organization) }),
  async run(context: PublicContext, { organizationId, ...proof }) {
    const { services } = context;
    const userId = userOf(proof.response.response.userHandle);
    const { answer, announce, organizations } = await services.database.withUser(
      userId,
      async (transaction) => {
        if (!(await takePasskey(services, transaction, { userId, proof }))) throw refusal();
        const memberships = await listOrganizations(transaction, userId);
        const chosen = organizationId ? memberships.find(({ id }) => id === organizationId) : memberships[0];
        if (!chosen) throw new AppError('forbidden', 'You are not an active member of this organization');
        const methods = ['passkey' as const];
        const entrance = { orgId: chosen.id, userId, methods, action: logInWithPasskey };
        return { ...(await letIn(context, transaction, entrance)), organizations: memberships };
      },
    );
    announce();
    if ('status' in answer) throw new AppError('internal', 'A passkey was not enough to be let in');
    return { ...answer, organizations };
  },
});

/** The user handle that was given to the authenticator: the person's id, as text. */
function userOf(userHandle: string | undefined): string {
  const text = Buffer.from(userHandle ?? '', 'base64url').toString('utf8');
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw refusal();
  return parsed.data;
}

function refusal(): AppError {
  return new AppError('unauthenticated', 'This passkey is not known here');
}
