import type { ActionDescription } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { writeRecords } from '#runtime/records.js';
import { auditedPerson, enterUser } from '../person-context.js';
import { readMember } from '../sessions/read-member.js';
import { linkPerson } from './admit-person.js';
import { linkSocialIdentity } from './admit-social-person.js';
import type { OpenSsoConnection } from './open-sso-connection.js';
import type { ProvenPerson } from './proven-person.js';
import type { SocialProvider } from './social-provider.js';

/**
 * Links what a provider has proven to the member who began it, who is signed in already. Throws `conflict` if it is
 * linked to somebody else, `forbidden` for one who has left meanwhile.
 */
export async function linkIdentity(
  { services, requestId }: PublicContext,
  {
    orgId,
    userId,
    person,
    source,
    action,
  }: {
    orgId: string;
    userId: string;
    person: ProvenPerson;
    source: { provider: SocialProvider } | { connection: OpenSsoConnection };
    action: ActionDescription;
  },
): Promise<void> {
  await services.database.withOrg(orgId, async (transaction) => {
    if (!(await readMember(transaction, orgId, userId))) {
      throw new AppError('forbidden', 'You are not an active member of this organization');
    }
    if ('connection' in source) {
      await linkPerson(transaction, source.connection, { subject: person.subject, userId });
    } else {
      await enterUser(transaction, userId);
      await linkSocialIdentity(transaction, userId, { provider: source.provider, person });
    }
    const described = { ...action, name: 'identities.link' };
    const details = { input: { id: userId }, output: undefined, requestId };
    await writeRecords(transaction, {
      orgId,
      audit: auditEntry(auditedPerson(orgId, userId), described, details),
    });
  });
}
