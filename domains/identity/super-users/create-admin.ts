import { platformOrgId } from '#core/platform.js';
import { auditEntry } from '#runtime/audit.js';
import type { Actor } from '#runtime/caller.js';
import { writeRecords } from '#runtime/records.js';
import type { Services } from '#runtime/services.js';
import { type Appointed, appointSuperUser } from './appoint-super-user.js';
import { addSuperUser } from './manage-super-users.js';

/** Whoever runs the programs of the host: there is no id to tell, so it is the platform's own. */
const operator: Actor = {
  orgId: platformOrgId,
  kind: 'operator',
  id: platformOrgId,
  userId: platformOrgId,
  permissions: [],
  scopes: null,
  runId: null,
  depth: 0,
};

/** What has come of it, for whoever asked. */
export type CreatedAdmin = Pick<Appointed, 'userId' | 'isNew' | 'link'>;

/** Makes a person a super-user for whoever runs the programs of the host: the way to the first one. */
export async function createAdmin(
  services: Services,
  { email, name }: { email: string; name: string | undefined },
): Promise<CreatedAdmin> {
  const { announce, ...appointed } = await services.database.withOrg(platformOrgId, async (transaction) => {
    const made = await appointSuperUser(services, transaction, { email, name, addedBy: null });
    if (made.isNew) {
      const audit = auditEntry(operator, addSuperUser, {
        input: {},
        output: { id: made.userId },
        requestId: undefined,
      });
      await writeRecords(transaction, { orgId: platformOrgId, audit });
    }
    return made;
  });
  announce();
  return appointed;
}
