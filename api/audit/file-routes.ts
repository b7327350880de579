import { type Response, Router } from 'express';
import { z } from 'zod';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { AdmitRequest } from '../admit-request.js';
import type { ApiApp } from '../api-app.js';
import { callOptions } from '../call-options.js';
import { contextOf } from '../request-context.js';

const exportPath = '/audit/exports/:id/file';
const archivePath = '/audit/archives/:lastPosition/file';

const Part = z.object({ sha256: z.string(), size: z.number() });
const Export = z.object({
  id: z.string(),
  format: z.enum(['csv', 'jsonl']),
  status: z.string(),
  parts: z.array(Part),
});
const Archives = z.object({ items: z.array(Part.extend({ lastPosition: z.number() })) });

const contentTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl' };

/** The files of exports and archives of the audit log, for who may export it now. To be mounted under /v1. */
export function createAuditFileRoutes(app: ApiApp, admit: AdmitRequest): Router {
  const router = Router({ caseSensitive: true });
  router.get(exportPath, async (request, response) => {
    Object.assign(contextOf(request), { route: `/v1${exportPath}`, action: 'audit.get_export' });
    const caller = await admit(request, response, 'read');
    const { id } = request.params;
    const found = Export.parse(await app.perform(caller, 'audit.get_export', { id }, callOptions(request)));
    if (found.status !== 'done') {
      const isOver = found.status === 'expired';
      throw new AppError(
        isOver ? 'not_found' : 'conflict',
        isOver ? 'The export has expired' : 'It is not done',
      );
    }
    if (caller.kind === 'anonymous') throw new AppError('unauthenticated', 'Sign in, or send an API key');
    const file = { name: `audit-${found.id}.${found.format}`, type: contentTypes[found.format] };
    await sendParts(response, app.services.files(caller.orgId), found.parts, file);
  });
  router.get(archivePath, async (request, response) => {
    Object.assign(contextOf(request), { route: `/v1${archivePath}`, action: 'audit.list_archives' });
    const caller = await admit(request, response, 'read');
    const position = z.coerce.number().int().min(1).safeParse(request.params.lastPosition).data;
    if (position === undefined) throw noArchive();
    const input = { after: position - 1, limit: 1 };
    const { items } = Archives.parse(
      await app.perform(caller, 'audit.list_archives', input, callOptions(request)),
    );
    const [found] = items;
    if (found?.lastPosition !== position || caller.kind === 'anonymous') throw noArchive();
    const file = { name: `audit-to-${position}.jsonl.gz`, type: 'application/gzip' };
    await sendParts(response, app.services.files(caller.orgId), [found], file);
  });
  return router;
}

function noArchive(): AppError {
  return new AppError('not_found', 'There is no such archive');
}

/** One part after the other: the whole may be larger than memory. */
async function sendParts(
  response: Response,
  files: FileStore,
  parts: readonly z.output<typeof Part>[],
  { name, type }: { name: string; type: string },
): Promise<void> {
  // Before the header, so that a file that is gone is an ordinary problem.
  let content = parts[0] && (await files.get(parts[0].sha256));
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  response.setHeader(
    'Content-Length',
    parts.reduce((sum, { size }) => sum + size, 0),
  );
  for (const [index, { sha256 }] of parts.entries()) {
    if (index > 0) content = await files.get(sha256);
    if (response.destroyed) return;
    if (content && !response.write(content)) await drained(response);
  }
  response.end();
}

/** Until the client has taken what was sent, or has left. */
function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
