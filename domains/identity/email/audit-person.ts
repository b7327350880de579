import type { ActionDescription } from '#core/action.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { auditEntry } from '#runtime/audit.js';
import { writeRecords } from '#runtime/records.js';
import { auditedPerson } from '../person-context.js';
import { homeOf } from './mail-person.js';

/**
 * The audit entry of what a person did before any organization was known: it stands with the one that they have been in
 * longest. The transaction must have entered the person; it is left in that organization.
 */
export async function auditPerson(
  transaction: Transaction,
  userId: string,
  { action, requestId }: { action: ActionDescription; requestId: string | undefined },
): Promise<void> {
  const orgId = await homeOf(transaction, userId);
  if (orgId === undefined) return;
  await enterOrg(transaction, orgId);
  const details = { input: { id: userId }, output: undefined, requestId };
  await writeRecords(transaction, {
    orgId,
    audit: auditEntry(auditedPerson(orgId, userId), action, details),
  });
}
