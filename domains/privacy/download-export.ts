import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import type { DomainContext } from '#runtime/domain.js';
import { readVisibleExport } from './get-export.js';

const linkMinutes = 10;

/** Gives a link to the archive, for this person. Throws `conflict` for an export that has no archive, or not any more. */
export const downloadExport = defineAction({
  name: 'exports.download',
  title: 'Download export',
  description:
    'Gives a link to the archive, good for ten minutes. Whoever has it gets the archive, as long as you may.',
  permission: 'exports:download',
  effect: 'send',
  http: { method: 'post', path: '/exports/:id/download' },
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({
    id: z.uuid(),
    url: z.url(),
    urlExpiresAt: z.string(),
    size: z.int().describe('Bytes'),
    sha256: z.string().describe('Of the archive, hex'),
  }),
  async run(context: DomainContext, { id }) {
    const { actor, services } = context;
    const { status, size, sha256 } = await readVisibleExport(context, { id });
    if (status !== 'finished' || size === null || sha256 === null) {
      throw new AppError('conflict', `The export is ${status}`);
    }
    const expiresAt = new Date(Date.now() + linkMinutes * 60_000);
    const link = { orgId: actor.orgId, userId: actor.userId, exportId: id };
    const token = await services.downloadLinks.issue(link, expiresAt);
    const url = `${publicUrl(services.configuration)}/downloads/${token}`;
    return { id, url, urlExpiresAt: expiresAt.toISOString(), size, sha256 };
  },
});
