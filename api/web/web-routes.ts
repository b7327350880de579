import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { projectRoot } from '#runtime/project-root.js';
import { contextOf } from '../request-context.js';
import { contentPolicy } from '../security-headers.js';
import { nonceMark, packedName, readWebFiles, type WebFile, type WebFiles } from './web-files.js';

/** First segments of addresses that are the server's own: an unknown one below them is a problem, never the app. */
const serverPrefixes = new Set([
  'v1',
  'hooks',
  'forms',
  'approvals',
  'downloads',
  'saml',
  'scim',
  'dev',
  'docs',
  'assets',
  'static',
  'problems',
  'metrics',
  'healthz',
  'readyz',
  'openapi.json',
  '.well-known',
]);

/** Addresses of the app whose last segment is a secret that was mailed. */
const secretPath = /^\/(account\/verify-email|account\/reset-password|invites)\/[^/]+$/;

/**
 * The web app, as `stack/web` has built it: files with names of their content, kept by browsers for good, and the one
 * page, for whatever address a browser navigates to that is not the server's. Nothing where it is not built.
 */
export function createWebRoutes(folder: string = join(projectRoot, 'dist', 'web')): Router {
  const router = Router({ caseSensitive: true });
  const built = readWebFiles(folder);
  if (!built) return router;
  router.get('/{*path}', (request, response, next) => {
    const file = built.files.get(request.path);
    if (file) return sendFile(request, response, built, file);
    if (!isNavigation(request)) return next();
    const isSecret = secretPath.test(request.path);
    Object.assign(contextOf(request), { route: 'web', ...(isSecret && { hasSecretPath: true }) });
    sendAppPage(response, built.page);
  });
  return router;
}

function isNavigation(request: Request): boolean {
  const [, first = ''] = request.path.split('/');
  const wantsPage = request.get('accept')?.includes('text/html') ?? false;
  return wantsPage && !serverPrefixes.has(first);
}

/** Styles that the app's parts add while it runs carry the nonce of the answer; scripts come from files only. */
function sendAppPage(response: Response, page: string): void {
  const nonce = randomBytes(18).toString('base64');
  response.setHeader(
    'Content-Security-Policy',
    contentPolicy({
      'script-src': "'self'",
      'style-src': `'self' 'nonce-${nonce}'`,
      'connect-src': "'self'",
      'font-src': "'self'",
      'img-src': "'self' data: blob:",
    }),
  );
  response.setHeader('Cache-Control', 'no-store');
  response.type('html').send(page.replaceAll(nonceMark, nonce));
}

function sendFile(request: Request, response: Response, { folder }: WebFiles, file: WebFile): void {
  Object.assign(contextOf(request), { route: '/static/:file', isQuiet: true });
  const isNamedByContent = file.path.startsWith('static/');
  response.setHeader(
    'Cache-Control',
    isNamedByContent ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
  );
  response.setHeader('Content-Type', file.mediaType);
  response.vary('Accept-Encoding');
  const encoding = [...file.encodings].find((name) => request.acceptsEncodings(name) === name);
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  const name = encoding === undefined ? file.path : packedName(file, encoding);
  response.sendFile(name, { root: folder, cacheControl: false });
}
