import type { ActionDescription } from '#core/action.js';
import type { Transaction } from '#db/client.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { tellJoined, tellRoleChanged } from '#runtime/membership/tell-membership.js';
import { writeRecords } from '#runtime/records.js';
import { auditedPerson } from '../person-context.js';
import type { Admitted } from './admit-person.js';
import type { OpenSsoConnection } from './open-sso-connection.js';

/** Audits what admitting somebody has changed, besides that they came: a new member, a link, another role. */
export async function recordChanges(
  { services, requestId, origin }: PublicContext,
  transaction: Transaction,
  {
    connection,
    admitted,
    action,
  }: { connection: OpenSsoConnection; admitted: Admitted; action: ActionDescription },
): Promise<void> {
  const { orgId, id } = connection;
  const { userId, role, joined } = admitted;
  const details = {
    input: { id },
    output: undefined,
    requestId,
    ...(role && { change: { before: { roleId: role.from }, after: { roleId: role.to } } }),
  };
  for (const change of admitted.changes) {
    const described = { ...action, name: `sign_in.${change}` };
    const audit = auditEntry(auditedPerson(orgId, userId), described, details);
    await writeRecords(transaction, { orgId, audit });
  }
  const principal = { kind: 'user' as const, id: userId };
  if (joined) await tellJoined(services, transaction, { orgId, joined, principal, origin });
  if (!role) return;
  await tellRoleChanged(services, transaction, {
    orgId,
    userId,
    principal,
    origin,
    details: { fromRoleId: role.from, toRoleId: role.to, connectionId: id },
  });
}
