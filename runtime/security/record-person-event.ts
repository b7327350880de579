import { and, eq } from 'drizzle-orm';
import { enterOrg, type Transaction } from '#db/client.js';
import { members } from '#db/schema/index.js';
import { recordSecurityEvent, type SecurityEvent, type SecurityServices } from '../security-events.js';

/** A person may be a member of more; the others are not told. */
const maxOrganizations = 20;

/**
 * Keeps what concerns a person's account as such with each organization in which they are active. The transaction must
 * have entered the person; it is left in the last of these organizations.
 */
export async function recordPersonEvent(
  services: SecurityServices,
  db: Transaction,
  event: Omit<SecurityEvent, 'orgId'> & { userId: string },
): Promise<void> {
  const memberships = await db
    .select({ orgId: members.orgId })
    .from(members)
    .where(and(eq(members.userId, event.userId), eq(members.status, 'active')))
    .orderBy(members.createdAt, members.orgId)
    .limit(maxOrganizations);
  for (const { orgId } of memberships) {
    await enterOrg(db, orgId);
    await recordSecurityEvent(services, db, { ...event, orgId });
  }
}
