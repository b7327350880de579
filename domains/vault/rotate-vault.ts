import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { organizations, vaultRotations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { readVaultStatus, VaultStatus } from './vault-status.js';

/**
 * Has every secret of the organization sealed anew with the newest key. One that is under way is joined; so asking again
 * is how one whose start was lost goes on.
 */
export const rotateVault = defineAction({
  name: 'vault.rotate',
  title: 'Seal secrets anew',
  description:
    "Seals all of the organization's secrets anew with the newest key of the deployment. It goes on in the background; vault.status shows how far it is.",
  permission: 'vault:rotate',
  effect: 'write',
  http: { method: 'post', path: '/vault/rotate', status: 202 },
  input: z.strictObject({}),
  output: VaultStatus,
  async run(context: DomainContext) {
    const { db, actor, services, afterCommit } = context;
    const { orgId } = actor;
    const keyId = services.vault.newestKeyId;
    // Two clicks at once: the second finds what the first has written.
    await db
      .select({ id: organizations.id })
      .from(organizations)
      .where(eq(organizations.id, orgId))
      .for('no key update');
    const [open] = await db
      .select({ id: vaultRotations.id })
      .from(vaultRotations)
      .where(and(eq(vaultRotations.keyId, keyId), isNull(vaultRotations.finishedAt)));
    if (!open) await db.insert(vaultRotations).values({ orgId, keyId, requestedBy: actor.userId });
    afterCommit(() => services.engine.rotateVault({ orgId, keyId }));
    return readVaultStatus(context);
  },
});
