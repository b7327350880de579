import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { PublicContext } from '#runtime/domain.js';
import { checkLogIn } from './check-log-in.js';
import { letIn } from './let-in.js';
import { listOrganizations } from './memberships.js';
import { Organization } from './organization.js';
import { Asked } from './second-factor/sign-in-answer.js';
import { TotpCode } from './second-factor/verify-totp.js';
import { Session } from './session.js';

const LogIn = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(256),
  code: TotpCode.optional().describe('Of the authenticator app, to be in at once'),
  organizationId: z.uuid().optional().describe('Which organization, for members of several'),
});

/**
 * Lets a person into an organization: the one asked for, else the one that they joined first. Throws
 * `unauthenticated`, the same for an unknown email as for a wrong password and after the same work, `limit_exceeded`
 * after many failures, and `forbidden` for one who is not an active member.
 */
export const logIn: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.log_in',
  title: 'Log in',
  description:
    'Exchanges email and password for a session, or for a challenge where a second factor is asked for.',
  effect: 'write',
  cookies: 'opens',
  emits: ['security.new_device'],
  http: { method: 'post', path: '/log-in' },
  input: LogIn,
  output: z.union([Session.extend({ organizations: z.array(Organization) }), Asked]),
  async run(context: PublicContext, { organizationId, ...credentials }) {
    const { database } = context.services;
    const { userId, methods, settle } = await checkLogIn(context, credentials);
    const { answer, announce, memberships } = await database
      .withUser(userId, async (transaction) => {
        const organizations = await listOrganizations(transaction, userId);
        const chosen = organizationId
          ? organizations.find(({ id }) => id === organizationId)
          : organizations[0];
        if (!chosen) throw new AppError('forbidden', 'You are not an active member of this organization');
        const proof = { orgId: chosen.id, userId, methods, action: logIn };
        const entered = await letIn(context, transaction, proof);
        await settle(transaction);
        return { ...entered, memberships: organizations };
      })
      .catch(async (error: unknown) => {
        // They are who they say, whyever they are not let in.
        await database.withoutOrg(settle);
        throw error;
      });
    announce();
    return 'status' in answer ? answer : { ...answer, organizations: memberships };
  },
});
