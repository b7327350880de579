import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { apiKeys } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { apiKeyFields, makeApiKey, recognizablePart, ShownApiKey } from './api-key.js';
import { hashToken } from './bound-token.js';
import { KeyEnd, keyEnd } from './key-end.js';
import { lockOwnApiKey } from './own-api-key.js';

const defaultOverlapHours = 24;
const maxOverlapHours = 7 * 24;

/**
 * Gives a key another secret and shows it, this once; the old one is good for the overlap. Throws `conflict` while the
 * one before is still good, so that a second click does not end the key that is in use.
 */
export const rotateApiKey = defineAction({
  name: 'api_keys.rotate',
  title: 'Rotate API key',
  description:
    'Replaces an API key of yours by a new one with the same scopes. The old one is good for the overlap, a day unless you say otherwise, so that programs can be moved to the new one.',
  permission: 'api_keys:update',
  effect: 'write',
  holdsSecret: true,
  http: { method: 'post', path: '/api-keys/:id/rotate' },
  emits: ['security.api_key_created'],
  input: z.strictObject({
    id: z.uuid(),
    overlapHours: z
      .int()
      .min(0)
      .max(maxOverlapHours)
      .default(defaultOverlapHours)
      .describe('Hours for which the old key is good, 0 to 168'),
    endPrevious: z
      .boolean()
      .default(false)
      .describe('Ends the key that an earlier rotation replaced, where it is still good'),
    expiresAt: KeyEnd.optional().describe('When the new key ends; as the old one unless given'),
  }),
  output: ShownApiKey,
  async run(context: DomainContext, { id, overlapHours, endPrevious, expiresAt }) {
    const { db, actor } = context;
    const old = await lockOwnApiKey(db, actor, id);
    if (!endPrevious && old.previousUntil !== null && Date.parse(old.previousUntil) > Date.now()) {
      const message = `The key that the last rotation replaced is good until ${new Date(old.previousUntil).toISOString()}`;
      throw new AppError('conflict', `${message}; wait until then, or end it with endPrevious`);
    }
    // An end that was set stays, even where the organization now allows less; a rotation never moves it out.
    const end = expiresAt ?? old.expiresAt ?? undefined;
    const keepsEnd = expiresAt === undefined && end !== undefined;
    const key = makeApiKey(actor.orgId, id);
    const [rotated] = await db
      .update(apiKeys)
      .set({
        prefix: recognizablePart(key),
        hash: hashToken(key),
        expiresAt: keepsEnd ? end : await keyEnd(db, actor.orgId, end),
        rotatedAt: sql`now()`,
        previousPrefix: old.prefix,
        previousHash: old.hash,
        previousUntil: sql`now() + make_interval(hours => ${overlapHours})`,
      })
      .where(and(eq(apiKeys.orgId, actor.orgId), eq(apiKeys.id, id)))
      .returning(apiKeyFields);
    if (!rotated) throw new AppError('internal', 'The key was not written');
    const details = { apiKeyId: id, name: rotated.name, change: 'rotated' };
    await noteSecurityEvent(context, { kind: 'api_key_created', userId: actor.userId, details });
    return { ...rotated, key };
  },
});
