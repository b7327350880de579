import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Services } from '../../services.js';

/**
 * What is kept of an erasure beside the database, so that it can be repeated when an older state of that comes back. Who it
 * was can be told by whoever has them before their eyes, and the vault's key, alone.
 */
export const Tombstone = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    orgId: z.uuid(),
    erasureId: z.uuid(),
    /** Of the erasure of an account, in all organizations. */
    accountErasureId: z.uuid().nullable(),
    includesName: z.boolean(),
    /** Keyed hashes of the person's id and mail address. */
    userHash: z.string(),
    emailHash: z.string().nullable(),
    erasedAt: z.iso.datetime(),
  }),
  z.object({ kind: z.literal('organization'), orgId: z.uuid(), erasedAt: z.iso.datetime() }),
]);
export type Tombstone = z.output<typeof Tombstone>;
export type PersonTombstone = Extract<Tombstone, { kind: 'person' }>;

/** Folder of the object store. No organization has it, so that it outlives them all. */
export const tombstoneFolder = 'tombstones';

/** Where it is kept: `tombstones/<organization>/<erasure>`, or `…/organization`. */
export function tombstoneKey(tombstone: Tombstone): string {
  const name = tombstone.kind === 'person' ? tombstone.erasureId : 'organization';
  return `${tombstoneFolder}/${tombstone.orgId}/${name}`;
}

/** HMAC-SHA-256, hex, of a person's id or mail address in an organization. Letter case does not matter. */
export function hashOfErased(vault: Services['vault'], orgId: string, idOrEmail: string): string {
  return vault.macs(whatIsHashed(orgId, idOrEmail))[0];
}

/** True if the hash was made of this id or address, under whichever key. */
export function isHashOfErased(
  vault: Services['vault'],
  orgId: string,
  { hash, idOrEmail }: { hash: string | null; idOrEmail: string },
): boolean {
  const kept = Buffer.from(hash ?? '');
  return vault.macs(whatIsHashed(orgId, idOrEmail)).some((mac) => {
    const made = Buffer.from(mac);
    return made.length === kept.length && timingSafeEqual(made, kept);
  });
}

function whatIsHashed(orgId: string, idOrEmail: string): string {
  return `erased ${orgId} ${idOrEmail.toLowerCase()}`;
}
