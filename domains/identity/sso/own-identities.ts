import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { userIdentities } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { tellPerson } from '../email/tell-person.js';
import { enterUser } from '../person-context.js';
import { parseConnectionKey } from './connection-key.js';
import { beginWay, makeTicket } from './sign-in-state.js';
import { socialProviders } from './social-provider.js';
import { Started, StartSignIn } from './start-sign-in.js';
import { wayTo } from './way-to.js';

const Identity = z.object({
  id: z.uuid(),
  provider: z.enum(socialProviders),
  email: z.string().describe('As the provider gave it when it was last used'),
  createdAt: z.string(),
  lastUsedAt: z.string(),
});

const fields = {
  id: userIdentities.id,
  provider: userIdentities.provider,
  email: userIdentities.email,
  createdAt: userIdentities.createdAt,
  lastUsedAt: userIdentities.lastUsedAt,
};

export const listIdentities = defineAction({
  name: 'identities.list',
  title: 'List my linked identities',
  description: 'Lists the accounts at Google, Microsoft and GitHub by which you can sign in.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/me/identities' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Identity) }),
  async run({ db, actor }: DomainContext) {
    await enterUser(db, actor.userId);
    const items = await db
      .select(fields)
      .from(userIdentities)
      .where(eq(userIdentities.userId, actor.userId))
      .orderBy(userIdentities.createdAt)
      .limit(100);
    return { items };
  },
});

/** Ends a link; it can be linked anew. Throws `not_found`. */
export const unlinkIdentity = defineAction({
  name: 'identities.unlink',
  title: 'Unlink my identity',
  description: 'An account at Google, Microsoft or GitHub does not let you in any more.',
  permission: 'self',
  effect: 'destroy',
  needsRecentSignIn: true,
  http: { method: 'delete', path: '/me/identities/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Identity,
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    await enterUser(db, actor.userId);
    const own = and(eq(userIdentities.userId, actor.userId), eq(userIdentities.id, id));
    const [unlinked] = await db.delete(userIdentities).where(own).returning(fields);
    if (!unlinked) throw new AppError('not_found', 'There is no such identity');
    await tellPerson(context, {
      title: 'A way to sign in was removed',
      text: `Your account at ${unlinked.provider} (${unlinked.email}) can not be used to sign in any more.`,
    });
    return unlinked;
  },
});

/**
 * Begins to link an identity to the person who is signed in: at a provider, or at a connection of their organization.
 * Throws `not_found`, `provider_unavailable`.
 */
export const startLink = defineAction({
  name: 'identities.start_link',
  title: 'Start linking an identity',
  description: 'Makes the address of the provider to go to, to link an account there to your own.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  input: StartSignIn,
  output: Started,
  async outside({ actor, services }: DomainContext, { provider }) {
    const place = parseConnectionKey(provider);
    if (place && place.orgId !== actor.orgId)
      throw new AppError('not_found', 'There is no such way to sign in');
    const ticket = makeTicket();
    return async () => ({
      ticket,
      ...(await wayTo(services, provider, ticket, services.database.withOrg)),
    });
  },
  async run({ db, actor }: DomainContext, { returnTo }, { ticket, redirectUrl, ...way }) {
    const linking = { linkingUserId: actor.userId, linkingOrgId: actor.orgId };
    await beginWay(db, ticket, { ...way, ...linking, returnTo });
    return { redirectUrl, isPostedBack: way.requestId !== undefined, ...ticket };
  },
});
