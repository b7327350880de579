import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { publicUrl } from '#runtime/configuration.js';
import type { PublicContext } from '#runtime/domain.js';
import { connectionKey } from './connection-key.js';
import { mailDomainOf } from './proven-domain.js';
import { offeredProviders, socialProviders } from './social-provider.js';

const SignInMethods = z.object({
  password: z.boolean(),
  providers: z.array(z.enum(socialProviders)),
  connections: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['oidc', 'saml']),
      isEnforced: z.boolean().describe('Password does not let members of its organization in'),
      startUrl: z.string(),
    }),
  ),
});

interface FoundConnection extends Record<string, unknown> {
  orgId: string;
  id: string;
  name: string;
  kind: 'oidc' | 'saml';
  isEnforced: boolean;
}

/** Ways to sign in for a mail domain. Only the domain is looked at, so nothing is told of any person. */
export const discover: PublicAction<PublicContext> = definePublicAction({
  name: 'sign_in.discover',
  title: 'Discover ways to sign in',
  description: 'Tells how people of a mail domain sign in. The same for all addresses of a domain.',
  effect: 'read',
  http: { method: 'post', path: '/sign-in/discover' },
  input: z.strictObject({ email: z.email().max(254) }),
  output: SignInMethods,
  async run({ services }: PublicContext, { email }) {
    const found = await services.database.withoutOrg((transaction) =>
      transaction.execute<FoundConnection>(sql`
        SELECT org_id AS "orgId", id, name, kind, is_enforced AS "isEnforced"
        FROM find_sso_connections(${mailDomainOf(email)}::citext)`),
    );
    const address = publicUrl(services.configuration);
    return {
      password: true,
      providers: offeredProviders(services.configuration),
      connections: found.map(({ orgId, id, ...connection }) => ({
        ...connection,
        startUrl: `${address}/v1/sign-in/${connectionKey(orgId, id)}/start`,
      })),
    };
  },
});
