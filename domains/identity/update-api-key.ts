import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { apiKeys } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { titleField } from '#runtime/resource/text-field.js';
import { AllowedNetworks } from './allowed-networks.js';
import { ApiKey, apiKeyFields } from './api-key.js';
import { lockOwnApiKey } from './own-api-key.js';

/** Changes a key's name, and from where it is good. Scopes stay: another key is made for others. */
export const updateApiKey = defineAction({
  name: 'api_keys.update',
  title: 'Change API key',
  description: 'Changes the name of an API key of yours, or the networks from which it is good.',
  permission: 'api_keys:update',
  effect: 'write',
  http: { method: 'patch', path: '/api-keys/:id' },
  input: z.strictObject({
    id: z.uuid(),
    name: titleField(200).optional(),
    allowedNetworks: AllowedNetworks.optional(),
  }),
  output: ApiKey,
  async run({ db, actor, audit }: DomainContext, { id, name, allowedNetworks }) {
    const before = await lockOwnApiKey(db, actor, id);
    const [changed] = await db
      .update(apiKeys)
      .set({
        name: name ?? before.name,
        allowedNetworks: [...new Set(allowedNetworks ?? before.allowedNetworks)],
      })
      .where(and(eq(apiKeys.orgId, actor.orgId), eq(apiKeys.id, id)))
      .returning(apiKeyFields);
    if (!changed) throw new AppError('internal', 'The key was not written');
    audit(changeBetween(before, changed, ['name', 'allowedNetworks']));
    return changed;
  },
});
