import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { signInChallenges } from '#db/schema/index.js';
import type { PublicContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import type { Services } from '#runtime/services.js';
import { type Demand, unmetDemand } from '#runtime/sign-in/unmet-demand.js';
import { type Entrance, openSession } from './open-session.js';
import { enterPerson } from './person-context.js';
import type { Asked, SignInAnswer } from './second-factor/sign-in-answer.js';
import { requireProvider } from './sso/require-provider.js';

/** Of an entrance, what the request does not say itself. */
export type Proof = Pick<Entrance, 'orgId' | 'userId' | 'methods' | 'action' | 'authenticatedAt'>;

export interface Answered {
  answer: z.output<typeof SignInAnswer>;
  /** To be called after the commit. */
  announce(): void;
}

/**
 * Opens a session where the proof is enough for the organization and the person; else says what is asked for besides,
 * with a challenge that stands for the proof. Throws `forbidden` for one who is not an active member, or who has to come
 * through the organization's identity provider.
 */
export async function letIn(
  context: PublicContext,
  transaction: Transaction,
  proof: Proof,
): Promise<Answered> {
  const { services, origin, cookies, requestId } = context;
  const [, , demand] = await Promise.all([
    enterPerson(transaction, proof),
    requireProvider(transaction, proof),
    unmetDemand(transaction, proof),
  ]);
  if (demand) return { answer: await ask(services, transaction, proof, demand), announce: () => {} };
  const opened = await openSession(services, transaction, { ...proof, origin, cookies, requestId });
  return { answer: opened.session, announce: opened.announce };
}

async function ask(
  { signInChallenges: challenges }: Services,
  transaction: Transaction,
  { orgId, userId, methods }: Proof,
  demand: Demand,
): Promise<z.output<typeof Asked>> {
  const id = timeOrderedId();
  const purpose = demand.status;
  await transaction.execute(
    sql`DELETE FROM sign_in_challenges WHERE user_id = ${userId} AND expires_at < now()`,
  );
  await transaction.insert(signInChallenges).values({
    userId,
    id,
    purpose,
    expiresAt: sql`now() + make_interval(secs => ${challenges.lifetimeSeconds})`,
  });
  const challenge = await challenges.issue({ id, purpose, userId, orgId, methods: [...methods] });
  return { ...demand, challenge };
}
