import { z } from 'zod';
import { passkeys } from '#db/schema/index.js';

/** A passkey as its person sees it. */
export const Passkey = z.object({
  id: z.uuid(),
  name: z.string(),
  isBackedUp: z.boolean().describe('Its vendor copies it between devices'),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});

/** Columns that Passkey shows. */
export const passkeyFields = {
  id: passkeys.id,
  name: passkeys.name,
  isBackedUp: passkeys.isBackedUp,
  createdAt: passkeys.createdAt,
  lastUsedAt: passkeys.lastUsedAt,
};
