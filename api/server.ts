import express, { type Express, type RequestHandler } from 'express';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import { createAdmission, createRequestCount } from './admit-request.js';
import { createWaitRoutes } from './answers/wait-routes.js';
import { createWaiting } from './answers/waiting.js';
import type { ApiApp } from './api-app.js';
import { createApprovalRoutes } from './approvals/approval-routes.js';
import { createAuditFileRoutes } from './audit/file-routes.js';
import { createConcurrencyLimit } from './concurrency-limit.js';
import { createCookieDoor } from './cookie-door.js';
import { allowOrigins } from './cross-origin.js';
import { createDownloadRoutes } from './downloads/download-routes.js';
import { createFormRoutes } from './forms/form-routes.js';
import { createHealthRoutes } from './health.js';
import { createHookRoutes } from './hooks/hooks.js';
import { readJsonBody } from './json-body.js';
import { createMailboxRoutes } from './mail/mailbox-routes.js';
import { createMcpRoutes } from './mcp/mcp-routes.js';
import { createMetrics, serveMetrics } from './metrics.js';
import { createDocsRoutes } from './openapi/docs.js';
import { createLogoRoutes } from './organization/logo-routes.js';
import { createPages } from './pages/pages.js';
import { createProblemHandler, refuseUnknownRoute } from './problem.js';
import { projectVersion } from './project-version.js';
import { openRequestContext } from './request-context.js';
import { createRequestLog } from './request-log.js';
import { createActionRoutes } from './routes.js';
import { createScimRoutes } from './scim/scim-routes.js';
import { securityHeaders } from './security-headers.js';
import { defaultLimits, type ServerOptions } from './server-options.js';
import { createSamlRoutes } from './sign-in/saml-routes.js';
import { createSignInRoutes } from './sign-in/sign-in-routes.js';
import { createSignInLimit } from './sign-in-limit.js';
import { createStreamLimit } from './streams/stream-limit.js';
import { createStreamRoutes } from './streams/streams.js';
import { createWebRoutes } from './web/web-routes.js';

/** The whole HTTP side of WorkSynapse: hooks, the API below /v1, its documentation, health, metrics and the web app. */
export function createServer(app: ApiApp, options: ServerOptions = {}): Express {
  const { configuration, logger } = app.services;
  const limits = { ...defaultLimits, ...options.limits };
  const metrics = createMetrics();
  const count = createRequestCount(app, metrics);
  const admit = createAdmission(app, count);
  const address = publicUrl(configuration);
  const server = express();
  server
    .disable('x-powered-by')
    .disable('etag')
    .set('trust proxy', options.trustProxy ?? false);

  server.use(openRequestContext, createRequestLog(logger), metrics.measure, refuseLongAddress);
  server.use(securityHeaders(address.startsWith('https:')));
  // Before the parsers, which would consume the raw body.
  const stopping = options.stopping ?? new AbortController().signal;
  const waiting = createWaiting(app, limits.waitingPerOrganization, stopping);
  const fileBodies = createFileBodyLimit(limits.fileBodiesPerOrganization);
  server.use(
    createHookRoutes(app, { metrics, requestsPerSecond: limits.hookRequestsPerSecond, waiting, fileBodies }),
  );
  server.get('/metrics', serveMetrics(metrics, options.metricsReaders ?? []));
  server.use(createHealthRoutes(app), createPages(), createDocsRoutes(app));
  server.use(createFormRoutes(app, { metrics, limits, fileBodies }));
  server.use(createApprovalRoutes(app, limits.linkDecisionsPerMinute));
  server.use(createDownloadRoutes(app));
  const limitSignIn = createSignInLimit(limits);
  if (configuration.DEV_MAILBOX_FOLDER !== undefined) {
    server.use('/dev', createMailboxRoutes(configuration.DEV_MAILBOX_FOLDER));
  }
  server.use('/scim/v2', forbidCaching, createScimRoutes(app, count));
  server.use('/mcp', forbidCaching, allowOrigins(configuration.CORS_ORIGINS));
  const streams = createStreamLimit(limits.streamsPerUser);
  server.use(createMcpRoutes(app, { admit, waiting, streams, stopping, version: projectVersion() }));
  server.use('/saml', createSamlRoutes(app, limitSignIn));
  server.use('/v1/sign-in', createSignInRoutes(app, { limitSignIn, door: createCookieDoor(address) }));
  server.use(
    '/v1',
    forbidCaching,
    allowOrigins(configuration.CORS_ORIGINS),
    createStreamRoutes(app, {
      gapMs: 50,
      heartbeatMs: 15_000,
      limit: streams,
      admit,
      stopping,
    }),
    createLogoRoutes(app, admit),
    createAuditFileRoutes(app, admit),
    readJsonBody,
    createWaitRoutes(app, waiting, admit),
    createActionRoutes(app, { admit, limitSignIn }),
  );
  // Last, for the app answers whatever address of a page is nobody else's.
  server.use(createWebRoutes());
  server.use(refuseUnknownRoute, createProblemHandler(logger, address));
  return server;
}

function createFileBodyLimit(places: number) {
  return createConcurrencyLimit(places, 'Too many files are being received; send them again later', 1_000);
}

/** Characters of an address: what common proxies let through. */
const maxAddress = 8 * 1024;

const refuseLongAddress: RequestHandler = (request, _response, next) => {
  if (request.url.length > maxAddress) {
    throw new AppError('payload_too_large', `The address is longer than ${maxAddress} characters`);
  }
  next();
};

const forbidCaching: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
