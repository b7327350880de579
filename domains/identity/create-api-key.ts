import { z } from 'zod';
import { defineAction, type Permission } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { apiKeys } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { titleField } from '#runtime/resource/text-field.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { ApiKey, apiKeyFields, makeApiKey, recognizablePart } from './api-key.js';
import { hashToken } from './bound-token.js';
import { checkScopes } from './check-scopes.js';

const Scope = z.templateLiteral([
  z.string().regex(/[a-z][a-z0-9_]*/),
  ':',
  z.string().regex(/([a-z][a-z0-9_]*|\*)/),
]) satisfies z.ZodType<Permission>;

const CreateApiKey = z.strictObject({
  name: titleField(200),
  scopes: z.array(Scope).min(1).max(200).describe('resource:verb or resource:*, within your own permissions'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((moment) => Date.parse(moment) > Date.now(), 'must be in the future')
    .optional(),
});

/** Makes an API key. It shows the key, this once. Throws `validation` naming a scope that its maker does not hold. */
export const createApiKey = defineAction({
  name: 'api_keys.create',
  title: 'Create API key',
  description: 'Makes a key for programs, bounded by scopes and by your own permissions at the time of use.',
  permission: 'api_keys:create',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/api-keys', status: 201 },
  input: CreateApiKey,
  emits: ['security.api_key_created'],
  output: ApiKey.extend({ key: z.string().describe('Shown only here: keep it safe') }),
  async run(context: DomainContext, { name, scopes, expiresAt }) {
    const { db, actor, services } = context;
    checkScopes(scopes, actor, services.catalogue.permissions);
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
        userId: actor.userId,
        expiresAt: expiresAt ?? null,
      })
      .returning(apiKeyFields);
    if (!made) throw new AppError('internal', 'The key was not written');
    context.audit({ after: { name, scopes, expiresAt: made.expiresAt } });
    const details = { apiKeyId: made.id, name };
    await noteSecurityEvent(context, { kind: 'api_key_created', userId: actor.userId, details });
    return { ...made, key };
  },
});
