import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { apiKeys } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { ApiKey, apiKeyFields } from './api-key.js';
import { visibleApiKeys } from './visible-api-keys.js';

/** Ends an API key at once and for good; again does nothing more. Throws `not_found`. */
export const revokeApiKey = defineAction({
  name: 'api_keys.revoke',
  title: 'Revoke API key',
  description: 'Ends an API key at once and for good.',
  permission: 'api_keys:delete',
  effect: 'destroy',
  http: { method: 'delete', path: '/api-keys/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: ApiKey,
  async run({ db, actor }: DomainContext, { id }) {
    const [revoked] = await db
      .update(apiKeys)
      .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, now())` })
      .where(and(visibleApiKeys(actor), eq(apiKeys.id, id)))
      .returning(apiKeyFields);
    if (!revoked) throw new AppError('not_found', 'There is no such API key');
    return revoked;
  },
});
