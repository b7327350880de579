import { desc } from 'drizzle-orm';
import { z } from 'zod';
import { vaultRotations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { countSealed } from '#runtime/rotation/count-sealed.js';

const shownRotations = 10;

/** With which keys an organization's secrets are sealed, and how sealing them anew goes. */
export const VaultStatus = z.object({
  newestKeyId: z.string().describe('Key that seals now'),
  isComplete: z.boolean().describe('Every secret is sealed with the newest key'),
  counts: z.array(
    z.object({
      table: z.string(),
      column: z.string(),
      keyId: z.string(),
      count: z.int(),
      isKnown: z.boolean().describe('The key is there, so that these can be opened'),
    }),
  ),
  rotations: z
    .array(
      z.object({
        id: z.uuid(),
        keyId: z.string(),
        requestedBy: z.uuid().nullable().describe('Null: the operator'),
        requestedAt: z.string(),
        finishedAt: z.string().nullable(),
        resealed: z.int().describe('Secrets that were sealed anew'),
        unreadable: z.int().describe('Secrets that no key opens'),
      }),
    )
    .describe('The newest first'),
});

export async function readVaultStatus({
  db,
  services,
}: DomainContext): Promise<z.output<typeof VaultStatus>> {
  const { vault } = services;
  const counts = await countSealed(db);
  const rotations = await db
    .select({
      id: vaultRotations.id,
      keyId: vaultRotations.keyId,
      requestedBy: vaultRotations.requestedBy,
      requestedAt: vaultRotations.requestedAt,
      finishedAt: vaultRotations.finishedAt,
      resealed: vaultRotations.resealed,
      unreadable: vaultRotations.unreadable,
    })
    .from(vaultRotations)
    .orderBy(desc(vaultRotations.requestedAt), desc(vaultRotations.id))
    .limit(shownRotations);
  return {
    newestKeyId: vault.newestKeyId,
    isComplete: counts.every(({ keyId }) => keyId === vault.newestKeyId),
    counts: counts.map((entry) => ({ ...entry, isKnown: vault.knows(entry.keyId) })),
    rotations,
  };
}
