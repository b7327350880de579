import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { writeRecords } from '#runtime/records.js';
import { auditedPerson } from '../person-context.js';
import { Session } from '../session.js';
import { type Admitted, admitPerson } from './admit-person.js';
import { letIn } from './let-in.js';
import { type OpenSsoConnection, openSsoConnection, registrationOf } from './open-sso-connection.js';
import { type ProvenPerson, personOfClaims } from './proven-person.js';
import { endWay, proofOf } from './sign-in-state.js';
import { redirectUri } from './start-sign-in.js';

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
  input: FinishSignIn,
  output: z.object({ session: Session, returnTo: z.string() }),
  async run(context: PublicContext, { answer, browserSecret }) {
    const { services } = context;
    const { state = '' } = answer;
    const way = await endWay(services.database, { state, browserSecret });
    const { connectionOrgId: orgId, connectionId, returnTo } = way;
    if (!orgId || !connectionId || browserSecret === undefined)
      throw new AppError('internal', 'A way leads nowhere');
    const connection = await services.database.withOrg(orgId, (transaction) =>
      openSsoConnection(services, transaction, { orgId, connectionId }),
    );
    const callback = new URL(redirectUri(services));
    callback.search = new URLSearchParams(answer).toString();
    const claims = await services.oidc.claims(registrationOf(connection), {
      ...proofOf({ state, browserSecret }),
      callback,
      wanted: ['email', connection.roleClaim],
    });
    const person = personOfClaims(claims, connection.roleClaim);
    const { userId } = await admit(context, connection, person);
    return { session: await letIn(context, { orgId, userId, method: 'oidc' }), returnTo };
  },
});

/** Admits a person whom the connection's provider has proven, and audits what came of it. Throws as `admitPerson`. */
export async function admit(
  { services, requestId }: PublicContext,
  connection: OpenSsoConnection,
  person: ProvenPerson,
): Promise<Admitted> {
  const { orgId } = connection;
  return services.database.withOrg(orgId, async (transaction) => {
    const admitted = await admitPerson(transaction, connection, person);
    const actor = auditedPerson(orgId, admitted.userId);
    const details = { input: { id: connection.id }, output: undefined, requestId };
    const names = [...admitted.changes.map((change) => `sign_in.${change}`), finishSignIn.name];
    for (const name of names) {
      await writeRecords(transaction, {
        orgId,
        audit: auditEntry(actor, { ...finishSignIn, name }, details),
      });
    }
    return admitted;
  });
}
