import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { scimTokens } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { titleField } from '#runtime/resource/text-field.js';
import { insertScimToken, isUnexpired, NewScimToken, ScimToken, scimTokenFields } from './scim-token.js';

const sorts = { createdAt: byColumn(scimTokens.createdAt), name: byColumn(scimTokens.name) };

const expiresAt = z.iso
  .datetime({ offset: true })
  .refine((moment) => Date.parse(moment) > Date.now(), 'must be in the future')
  .optional();

/** Makes a token for an identity provider. It shows the token, this once. */
export const createScimToken = defineAction({
  name: 'scim_tokens.create',
  title: 'Create SCIM token',
  description: "Lets the organization's identity provider keep people and groups in step.",
  permission: 'scim_tokens:create',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/scim-tokens', status: 201 },
  input: z.strictObject({ name: titleField(200), expiresAt }),
  output: NewScimToken,
  run: ({ db, actor }: DomainContext, input) =>
    insertScimToken(db, actor, { name: input.name, expiresAt: input.expiresAt ?? null }),
});

export const listScimTokens = defineAction({
  name: 'scim_tokens.list',
  title: 'List SCIM tokens',
  description: 'Lists the tokens of identity providers.',
  permission: 'scim_tokens:read',
  effect: 'read',
  http: { method: 'get', path: '/scim-tokens' },
  input: z.strictObject(pageInput(sorts, '-createdAt')),
  output: pageOutput(ScimToken),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, scimTokens.id, request);
    const rows = await db
      .select({ ...scimTokenFields, ...page.fields })
      .from(scimTokens)
      .where(and(eq(scimTokens.orgId, actor.orgId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

/** A new token in place of another, which goes on for a while. Throws `not_found` for one that can't be used any more. */
export const rotateScimToken = defineAction({
  name: 'scim_tokens.rotate',
  title: 'Rotate SCIM token',
  description: 'Makes a new token; the old one is good for some hours more, while the provider is told.',
  permission: 'scim_tokens:create',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/scim-tokens/:id/rotate', status: 201 },
  input: z.strictObject({
    id: z.uuid(),
    overlapHours: z.int().min(0).max(168).default(24).describe('For how long the old one goes on'),
    expiresAt,
  }),
  output: NewScimToken,
  async run({ db, actor }: DomainContext, input) {
    const end = sql`now() + make_interval(hours => ${input.overlapHours})`;
    const [old] = await db
      .update(scimTokens)
      .set({ expiresAt: sql`least(${scimTokens.expiresAt}, ${end})` })
      .where(
        and(
          eq(scimTokens.orgId, actor.orgId),
          eq(scimTokens.id, input.id),
          isNull(scimTokens.revokedAt),
          isUnexpired(),
        ),
      )
      .returning({ name: scimTokens.name });
    if (!old) throw new AppError('not_found', 'There is no such SCIM token in use');
    return insertScimToken(db, actor, { name: old.name, expiresAt: input.expiresAt ?? null });
  },
});

/** Ends a token at once and for good; again does nothing more. Throws `not_found`. */
export const revokeScimToken = defineAction({
  name: 'scim_tokens.revoke',
  title: 'Revoke SCIM token',
  description: 'Ends a token of an identity provider at once and for good.',
  permission: 'scim_tokens:delete',
  effect: 'destroy',
  http: { method: 'delete', path: '/scim-tokens/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: ScimToken,
  async run({ db, actor }: DomainContext, { id }) {
    const [revoked] = await db
      .update(scimTokens)
      .set({ revokedAt: sql`coalesce(${scimTokens.revokedAt}, now())` })
      .where(and(eq(scimTokens.orgId, actor.orgId), eq(scimTokens.id, id)))
      .returning(scimTokenFields);
    if (!revoked) throw new AppError('not_found', 'There is no such SCIM token');
    return revoked;
  },
});
