import { z } from 'zod';
import { type ActionDescription, definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { PublicContext } from '#runtime/domain.js';
import type { Services } from '#runtime/services.js';
import type { OidcProof } from '#runtime/sign-in/oidc-client.js';
import { type Answered, letIn, type Proof } from '../let-in.js';
import { SignInAnswer } from '../second-factor/sign-in-answer.js';
import { admitPerson } from './admit-person.js';
import { admitSocialPerson } from './admit-social-person.js';
import { linkIdentity } from './link-identity.js';
import { type OpenSsoConnection, openSsoConnection, registrationOf } from './open-sso-connection.js';
import { type ProvenPerson, personOfClaims } from './proven-person.js';
import { recordChanges } from './record-changes.js';
import { redirectUri } from './redirect-uri.js';
import { endWay, proofOf } from './sign-in-state.js';
import { readSocialPerson } from './social-provider.js';

const FinishSignIn = z.strictObject({
  answer: z
    .record(z.string().max(64), z.string().max(8192))
    .describe('What the provider put into the address'),
  browserSecret: z.string().max(128).optional().describe('Of the cookie that was set when it began'),
});

/**
 * Ends a way through a provider. Throws `unauthenticated` for an answer that is refused, that belongs to another browser
 * or comes twice; `forbidden` and `conflict` for people whom the organization does not let in.
 */
export const finishSignIn: PublicAction<PublicContext> = definePublicAction({
  name: 'sign_in.finish',
  title: 'Finish signing in through a provider',
  description: 'Verifies what the provider says of a person and lets them in.',
  effect: 'write',
  cookies: 'opens',
  emits: ['security.new_device', 'security.member_role_changed'],
  input: FinishSignIn,
  output: z.object({
    session: SignInAnswer.nullable().describe('Null for who was signed in and has linked an identity'),
    returnTo: z.string(),
  }),
  async run(context: PublicContext, { answer, browserSecret }) {
    const { services } = context;
    const { state = '' } = answer;
    const way = await endWay(services.database, { state, browserSecret });
    if (browserSecret === undefined) throw new AppError('internal', 'A way ended without its browser');
    const callback = new URL(redirectUri(services.configuration));
    callback.search = new URLSearchParams(answer).toString();
    const returned = { ...proofOf({ state, browserSecret }), callback };
    const { returnTo, provenUserId, linkingUserId: userId, linkingOrgId: orgId } = way;
    if (provenUserId && way.connectionOrgId) {
      const proof = { orgId: way.connectionOrgId, userId: provenUserId, methods: ['saml' as const] };
      return { session: await letInNow(context, { ...proof, action: finishSignIn }), returnTo };
    }
    const { person, source } = await readPerson(services, way, returned);
    const action = finishSignIn;
    if (userId && orgId) {
      await linkIdentity(context, { orgId, userId, person, source, action });
      return { session: null, returnTo };
    }
    const session =
      'provider' in source
        ? await admitSocialPerson(context, { provider: source.provider, person, action })
        : await admit(context, { connection: source.connection, person, action });
    return { session, returnTo };
  },
});

/** Whom the provider of the way has proven. */
async function readPerson(
  services: Services,
  { provider, connectionOrgId: orgId, connectionId }: Awaited<ReturnType<typeof endWay>>,
  returned: OidcProof & { callback: URL },
) {
  if (provider) {
    return { source: { provider }, person: await readSocialPerson(services, provider, returned) };
  }
  if (!orgId || !connectionId) throw new AppError('internal', 'A way leads nowhere');
  const connection = await services.database.withOrg(orgId, (transaction) =>
    openSsoConnection(services, transaction, { orgId, connectionId }),
  );
  const { roleClaim } = connection;
  const wanted = ['email', roleClaim];
  const claims = await services.oidc.claims(registrationOf(connection), { ...returned, wanted });
  return { source: { connection }, person: personOfClaims(claims, { roleClaim }) };
}

/** Lets in a person whom an earlier request has proven. */
async function letInNow(context: PublicContext, proof: Proof): Promise<Answered['answer']> {
  const { answer, announce } = await context.services.database.withOrg(proof.orgId, (transaction) =>
    letIn(context, transaction, proof),
  );
  announce();
  return answer;
}

/** Admits a person whom the connection's provider has proven, and lets them in. Throws as `admitPerson`. */
async function admit(
  context: PublicContext,
  {
    connection,
    person,
    action,
  }: { connection: OpenSsoConnection; person: ProvenPerson; action: ActionDescription },
): Promise<Answered['answer']> {
  const { orgId, kind } = connection;
  const { answer, announce } = await context.services.database.withOrg(orgId, async (transaction) => {
    const admitted = await admitPerson(transaction, connection, person);
    await recordChanges(context, transaction, { connection, admitted, action });
    return letIn(context, transaction, { orgId, userId: admitted.userId, methods: [kind], action });
  });
  announce();
  return answer;
}
