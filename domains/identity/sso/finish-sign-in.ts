import { z } from 'zod';
import { type ActionDescription, definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { writeRecords } from '#runtime/records.js';
import { type Answered, letIn } from '../let-in.js';
import { auditedPerson } from '../person-context.js';
import { SignInAnswer } from '../second-factor/sign-in-answer.js';
import { admitPerson } from './admit-person.js';
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
  cookies: 'opens',
  input: FinishSignIn,
  output: z.object({ session: SignInAnswer, returnTo: z.string() }),
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
    return { session: await admit(context, { connection, person, action: finishSignIn }), returnTo };
  },
});

/**
 * Admits a person whom the connection's provider has proven, lets them in, and audits what came of it, in one
 * transaction. Throws as `admitPerson`.
 */
export async function admit(
  context: PublicContext,
  {
    connection,
    person,
    action,
  }: { connection: OpenSsoConnection; person: ProvenPerson; action: ActionDescription },
): Promise<Answered['answer']> {
  const { orgId, kind } = connection;
  const { services, requestId } = context;
  const { answer, announce } = await services.database.withOrg(orgId, async (transaction) => {
    const { userId, changes } = await admitPerson(transaction, connection, person);
    const details = { input: { id: connection.id }, output: undefined, requestId };
    for (const change of changes) {
      const described = { ...action, name: `sign_in.${change}` };
      await writeRecords(transaction, {
        orgId,
        audit: auditEntry(auditedPerson(orgId, userId), described, details),
      });
    }
    return letIn(context, transaction, { orgId, userId, methods: [kind], action });
  });
  announce();
  return answer;
}
