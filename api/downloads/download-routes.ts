import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { archiveKey } from '#runtime/privacy/exports/export-keys.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';

const Export = z.object({ status: z.string(), size: z.int().nullable() });
const downloadPath = '/downloads/:token';

/**
 * The archives behind the links that `exports.download` gives, as files. The link says who asks and for which; what that
 * person may see at this moment is looked up again. Throws `not_found` for all that can't be had.
 */
export function createDownloadRoutes(app: ApiApp): Router {
  const router = Router({ caseSensitive: true });
  router.get(downloadPath, async (request, response) => {
    const context = contextOf(request);
    Object.assign(context, { route: downloadPath, hasSecretPath: true });
    const { orgId, userId, exportId } = await app.services.downloadLinks.read(String(request.params.token));
    const caller = { kind: 'user', orgId, userId, via: 'download_link' } as const;
    context.caller = caller;
    const { requestId } = context;
    const found = Export.parse(await app.perform(caller, 'exports.get', { id: exportId }, { requestId }));
    const isThere = found.status === 'finished';
    const content = isThere && (await app.services.storage.getStream(archiveKey({ orgId, exportId })));
    if (!content) throw new AppError('not_found', 'There is no archive any more');
    response.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="export-${exportId}.zip"`,
      'Cache-Control': 'no-store',
      ...(found.size !== null && { 'Content-Length': String(found.size) }),
    });
    await pipeline(content, response);
  });
  return router;
}
