import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { apiKeys } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { titleField } from '#runtime/resource/text-field.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { AllowedNetworks } from './allowed-networks.js';
import { apiKeyFields, makeApiKey, recognizablePart, ShownApiKey } from './api-key.js';
import { hashToken } from './bound-token.js';
import { checkScopes } from './check-scopes.js';
import { KeyEnd, keyEnd } from './key-end.js';
import { Scope } from './scope.js';

const CreateApiKey = z.strictObject({
  name: titleField(200),
  scopes: z.array(Scope).min(1).max(200).describe('resource:verb or resource:*, within your own permissions'),
  allowedNetworks: AllowedNetworks.default([]),
  expiresAt: KeyEnd.optional(),
});

/** Makes an API key. It shows the key, this once. Throws `validation` naming a scope that its maker does not hold. */
export const createApiKey = defineAction({
  name: 'api_keys.create',
  title: 'Create API key',
  description:
    'Makes a key for programs, bounded by scopes and by your own permissions at the time of use, and where you say so by networks and a day on which it ends.',
  permission: 'api_keys:create',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/api-keys', status: 201 },
  input: CreateApiKey,
  emits: ['security.api_key_created'],
  output: ShownApiKey,
  async run(context: DomainContext, { name, scopes, allowedNetworks, expiresAt }) {
    const { db, actor, services } = context;
    checkScopes(scopes, actor, services.catalogue.permissions);
    const end = await keyEnd(db, actor.orgId, expiresAt);
    const id = timeOrderedId();
    const key = makeApiKey(actor.orgId, id);
    const [made] = await db
      .insert(apiKeys)
      .values({
        orgId: actor.orgId,
        id,
        name,
        prefix: recognizablePart(key),
        hash: hashToken(key),
        scopes: [...new Set(scopes)],
        allowedNetworks: [...new Set(allowedNetworks)],
        userId: actor.userId,
        expiresAt: end,
      })
      .returning(apiKeyFields);
    if (!made) throw new AppError('internal', 'The key was not written');
    context.audit({ after: { name, scopes, expiresAt: made.expiresAt } });
    const details = { apiKeyId: made.id, name };
    await noteSecurityEvent(context, { kind: 'api_key_created', userId: actor.userId, details });
    return { ...made, key };
  },
});
