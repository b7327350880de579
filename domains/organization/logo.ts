import { eq } from 'drizzle-orm';
import { fileTypeFromBuffer } from 'file-type';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { organizations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireQuota } from '#runtime/quotas/require-quota.js';

/** Bytes. */
export const maxLogoSize = 1024 * 1024;

/** Images that a browser shows without running anything in them; SVG is a document that can hold scripts. */
const imageTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

const Logo = z.object({ id: z.uuid(), contentType: z.string(), size: z.int().describe('Bytes') });

/**
 * Keeps an image as the organization's logo. What it is shows in its first bytes, whatever the sender says. Throws
 * `validation` naming `content` for anything but PNG, JPEG, GIF or WebP of up to 1 MiB.
 */
export const setLogo = defineAction({
  name: 'organization.set_logo',
  title: 'Set logo',
  description: 'Makes an image (PNG, JPEG, GIF or WebP, up to 1 MiB) the logo of the organization.',
  permission: 'organization:update',
  effect: 'write',
  input: z.strictObject({
    content: z
      .base64()
      .max(Math.ceil(maxLogoSize / 3) * 4)
      .describe('The image, in base64'),
  }),
  output: Logo,
  async run({ db, actor, services }: DomainContext, { content }) {
    const bytes = Buffer.from(content, 'base64');
    if (bytes.byteLength > maxLogoSize) {
      throw invalidField({ path: 'content', message: 'must not have more than 1 MiB' });
    }
    const type = await fileTypeFromBuffer(bytes);
    if (!type || !imageTypes.has(type.mime)) {
      throw invalidField({ path: 'content', message: 'must be a PNG, JPEG, GIF or WebP image' });
    }
    await requireQuota(db, actor.orgId, { name: 'storage', wanted: bytes.byteLength });
    const { sha256, size } = await services.files(actor.orgId, db).put(bytes, type.mime);
    await db.update(organizations).set({ logoSha256: sha256 }).where(eq(organizations.id, actor.orgId));
    return { id: actor.orgId, contentType: type.mime, size };
  },
});

/** The organization's logo. Throws `not_found` where it has none. */
export const getLogo = defineAction({
  name: 'organization.get_logo',
  title: 'Get logo',
  description: 'Shows the logo of the organization.',
  permission: 'identity:read',
  effect: 'read',
  input: z.strictObject({}),
  output: Logo.extend({ content: z.string().describe('The image, in base64') }),
  async run({ db, actor, services }: DomainContext) {
    const [row] = await db
      .select({ sha256: organizations.logoSha256 })
      .from(organizations)
      .where(eq(organizations.id, actor.orgId));
    if (!row?.sha256) throw new AppError('not_found', 'The organization has no logo');
    const bytes = await services.files(actor.orgId, db).get(row.sha256);
    // A file is kept under its content, so somebody may have stored the same bytes first and named them otherwise.
    const type = await fileTypeFromBuffer(bytes);
    if (!type || !imageTypes.has(type.mime)) throw new AppError('not_found', 'The organization has no logo');
    const content = Buffer.from(bytes).toString('base64');
    return { id: actor.orgId, contentType: type.mime, size: bytes.byteLength, content };
  },
});

export const removeLogo = defineAction({
  name: 'organization.remove_logo',
  title: 'Remove logo',
  description: 'Lets the organization have no logo.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'delete', path: '/organization/logo', status: 204 },
  input: z.strictObject({}),
  output: z.unknown(),
  async run({ db, actor }: DomainContext) {
    await db.update(organizations).set({ logoSha256: null }).where(eq(organizations.id, actor.orgId));
    return null;
  },
});
