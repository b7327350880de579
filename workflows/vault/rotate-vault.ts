import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { VaultActivities } from '#activities/vault-activities.js';

/** Tried until the database is back, and until every worker has the key; what was sealed stays sealed. */
const { reseal, listOrganizations } = proxyActivities<VaultActivities>({
  startToCloseTimeout: 6 * 60 * 60_000,
  heartbeatTimeout: 120_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** Seals the secrets of one organization anew, or of all, one after the other; `after` is the last that is done. */
export async function rotateVault(
  { orgId, keyId }: { orgId: string | null; keyId: string },
  after: string | null = null,
): Promise<void> {
  if (orgId !== null) return reseal({ orgId, keyId });
  let last = after;
  for (;;) {
    const organizations = await listOrganizations({ after: last });
    for (const organization of organizations) await reseal({ orgId: organization, keyId });
    const next = organizations.at(-1);
    if (next === undefined) return;
    last = next;
    if (workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof rotateVault>({ orgId, keyId }, last);
  }
}
