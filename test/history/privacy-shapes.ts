import { z } from 'zod';
import { buildMember } from '../builders/build-member.js';
import type { BuiltOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { finishedExport } from '../privacy/finished-export.js';
import type { TestSystem } from '../system.js';

type PrivacyShape = (system: TestSystem, organization: BuiltOrganization) => Promise<string>;

const Erasure = z.object({ id: z.uuid(), status: z.string() });

/** Workflows that export data and erase people, by name. Each returns the id of its workflow. */
export const privacyShapes: Readonly<Record<string, PrivacyShape>> = {
  async exports({ app }, { orgId, caller }) {
    const id = await finishedExport(app, caller, { subject: 'organization' });
    return `org/${orgId}/exports/${id}`;
  },
  async erases({ app, stack }, organization) {
    const { orgId, caller } = organization;
    const { userId, email } = await buildMember(app, organization, 'guest');
    const input = { userId, confirmEmail: email };
    const { id } = Erasure.parse(await app.perform(caller, 'erasures.create', input));
    const owner = openOwner(stack);
    await owner`UPDATE erasures SET due_at = now() WHERE id = ${id}`;
    await owner`UPDATE dispatch_queue SET available_at = now() WHERE source_id = ${id}`;
    await eventually('the person is erased', async () => {
      const { status } = Erasure.parse(await app.perform(caller, 'erasures.get', { id }));
      return status === 'finished' ? true : undefined;
    });
    return `org/${orgId}/erasures/${id}`;
  },
};
