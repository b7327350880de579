import { Context } from '@temporalio/activity';
import { organizationIds } from '#runtime/organization-ids.js';
import { resealOrganization } from '#runtime/rotation/reseal-organization.js';
import type { Services } from '#runtime/services.js';
import { toFailure } from './failure.js';

export interface VaultActivities {
  /** Seals the secrets of one organization anew with this key. */
  reseal(request: { orgId: string; keyId: string }): Promise<void>;
  /** Some organizations, those after one of them, in their order. */
  listOrganizations(request: { after: string | null }): Promise<string[]>;
}

const pageSize = 100;

/** The activities of the workflow that seals secrets anew. */
export function createVaultActivities(services: Services): VaultActivities {
  return {
    async reseal(request) {
      const context = Context.current();
      try {
        await resealOrganization(services, request, () => {
          context.heartbeat();
          context.cancellationSignal.throwIfAborted();
        });
      } catch (error) {
        context.cancellationSignal.throwIfAborted();
        throw toFailure(error, false);
      }
    },
    async listOrganizations({ after }) {
      try {
        return await organizationIds(services.database, after, pageSize);
      } catch (error) {
        throw toFailure(error, false);
      }
    },
  };
}
