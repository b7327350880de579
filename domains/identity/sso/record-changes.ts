import type { ActionDescription } from '#core/action.js';
import type { Transaction } from '#db/client.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { writeRecords } from '#runtime/records.js';
import { recordSecurityEvent } from '#runtime/security-events.js';
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
  const { userId, role } = admitted;
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
  if (!role) return;
  await recordSecurityEvent(services, transaction, {
    orgId,
    kind: 'member_role_changed',
    userId,
    principal: { kind: 'user', id: userId },
    origin,
    details: { fromRoleId: role.from, toRoleId: role.to, connectionId: id },
  });
}
