import { and, eq, sql } from 'drizzle-orm';
import type { ActionDescription } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { userIdentities } from '#db/schema/index.js';
import type { PublicContext } from '#runtime/domain.js';
import { type Answered, letIn } from '../let-in.js';
import { listOrganizations } from '../memberships.js';
import { enterUser } from '../person-context.js';
import { findAccount } from './find-account.js';
import type { ProvenPerson } from './proven-person.js';
import type { SocialProvider } from './social-provider.js';

/**
 * Lets the person in to whom an identity at Google, Microsoft or GitHub is linked, into the organization that they
 * joined first. One that is not linked yet is linked to the account with its mail address, if both the provider and our
 * own mail have proven that address. Throws `forbidden`, the same whether there is such an account or not.
 */
export async function admitSocialPerson(
  context: PublicContext,
  { provider, person, action }: { provider: SocialProvider; person: ProvenPerson; action: ActionDescription },
): Promise<Answered['answer']> {
  const { database } = context.services;
  const { answer, announce } = await database.withoutOrg(async (transaction) => {
    const userId = await findPerson(transaction, provider, person);
    await enterUser(transaction, userId);
    await linkSocialIdentity(transaction, userId, { provider, person });
    const [first] = await listOrganizations(transaction, userId);
    if (!first) throw new AppError('forbidden', 'You are not an active member of any organization');
    return letIn(context, transaction, { orgId: first.id, userId, methods: ['social'], action });
  });
  announce();
  return answer;
}

/**
 * Links an identity to a person, or notes that it was used. The transaction must have entered the person. Throws
 * `conflict` if it is linked to somebody else.
 */
export async function linkSocialIdentity(
  transaction: Transaction,
  userId: string,
  { provider, person: { subject, email = '' } }: { provider: SocialProvider; person: ProvenPerson },
): Promise<void> {
  // Whose it is may be hidden from this person, so an upsert could fail without saying why.
  await transaction.insert(userIdentities).values({ provider, subject, userId, email }).onConflictDoNothing();
  const used = await transaction
    .update(userIdentities)
    .set({ lastUsedAt: sql`now()`, email })
    .where(and(eq(userIdentities.provider, provider), eq(userIdentities.subject, subject)))
    .returning({ id: userIdentities.id });
  if (used.length > 0) return;
  throw new AppError('conflict', "This identity is linked to somebody else's account already");
}

async function findPerson(
  transaction: Transaction,
  provider: SocialProvider,
  { subject, email, isEmailVerified }: ProvenPerson,
): Promise<string> {
  const [row] = await transaction.execute<{ userId: string | null }>(
    sql`SELECT find_user_identity(${provider}, ${subject}) AS "userId"`,
  );
  if (row?.userId) return row.userId;
  const account = email === undefined || !isEmailVerified ? undefined : await findAccount(transaction, email);
  if (account?.isEmailVerified) return account.userId;
  throw new AppError(
    'forbidden',
    'No account here is linked to this identity. Sign in another way, then link it.',
  );
}
