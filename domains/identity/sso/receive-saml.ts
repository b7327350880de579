import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { usedAssertions } from '#db/schema/index.js';
import type { PublicContext } from '#runtime/domain.js';
import { readSamlAssertion, type SamlAssertion } from '#runtime/sign-in/saml-client.js';
import { admitPerson } from './admit-person.js';
import { parseConnectionKey } from './connection-key.js';
import { linkIdentity } from './link-identity.js';
import { type OpenSsoConnection, openSsoConnection } from './open-sso-connection.js';
import { personOfAssertion } from './proven-person.js';
import { recordChanges } from './record-changes.js';
import { samlRegistrationOf } from './saml-registration.js';
import { beginWay, endWay, makeTicket } from './sign-in-state.js';

const ReceiveSaml = z.strictObject({
  connection: z.string().max(64),
  response: z.string().max(500_000),
  state: z.string().max(128),
  browserSecret: z.string().max(128).optional(),
});

const Received = z.object({
  returnTo: z.string(),
  next: z
    .object({ state: z.string(), browserSecret: z.string() })
    .nullable()
    .describe('The rest of the way, to be finished by a request of our own site; null where nothing is left'),
});

/**
 * Takes what an identity provider posted by way of the browser. The post comes from another site, without the cookies
 * that keep a person signed in, so it only proves the person: `sign_in.finish` lets them in. Throws as that does.
 */
export const receiveSaml: PublicAction<PublicContext> = definePublicAction({
  name: 'sign_in.receive_saml',
  emits: ['security.member_role_changed'],
  title: 'Receive a SAML assertion',
  description: 'Verifies what a SAML identity provider says of a person.',
  effect: 'write',
  input: ReceiveSaml,
  output: Received,
  async run(context: PublicContext, { connection: key, response, state, browserSecret }) {
    const { services } = context;
    const place = parseConnectionKey(key);
    if (!place) throw new AppError('not_found', 'There is no such way to sign in');
    const way = await endWay(services.database, { state, browserSecret });
    const { requestId, returnTo, linkingUserId: userId, linkingOrgId } = way;
    if (
      way.connectionId !== place.connectionId ||
      way.connectionOrgId !== place.orgId ||
      requestId === null
    ) {
      throw new AppError('unauthenticated', 'This sign-in was begun with another provider. Begin again.');
    }
    const { orgId } = place;
    const connection = await services.database.withOrg(orgId, (transaction) =>
      openSsoConnection(services, transaction, place),
    );
    const registration = samlRegistrationOf(connection, services.configuration);
    const assertion = await readSamlAssertion(registration, { response, requestId });
    const person = personOfAssertion(assertion, connection.roleClaim);
    if (userId && linkingOrgId === orgId) {
      await services.database.withOrg(orgId, (transaction) => useOnce(transaction, connection, assertion));
      await linkIdentity(context, { orgId, userId, person, source: { connection }, action: receiveSaml });
      return { returnTo, next: null };
    }
    const next = makeTicket();
    await services.database.withOrg(orgId, async (transaction) => {
      await useOnce(transaction, connection, assertion);
      const admitted = await admitPerson(transaction, connection, person);
      await recordChanges(context, transaction, { connection, admitted, action: receiveSaml });
      const proven = { provenUserId: admitted.userId, connectionOrgId: orgId, connectionId: connection.id };
      await beginWay(transaction, next, { ...proven, returnTo });
    });
    return { returnTo, next };
  },
});

/** Throws `unauthenticated` for an assertion that was used before. */
async function useOnce(
  transaction: Transaction,
  { orgId, id: connectionId }: OpenSsoConnection,
  { id: assertionId, expiresAt }: SamlAssertion,
): Promise<void> {
  await transaction.execute(sql`DELETE FROM used_assertions WHERE org_id = ${orgId} AND expires_at < now()`);
  const used = await transaction
    .insert(usedAssertions)
    .values({ orgId, connectionId, assertionId, expiresAt })
    .onConflictDoNothing()
    .returning({ assertionId: usedAssertions.assertionId });
  if (used.length === 0) throw new AppError('unauthenticated', 'This answer was used before. Begin again.');
}
