import { type RequestHandler, Router } from 'express';
import type { ApiApp } from '../api-app.js';
import { serveAgentRunStream } from './agent-run-stream.js';
import { serveNotificationsStream } from './notifications-stream.js';
import { serveOutboxStream } from './outbox-stream.js';
import { servePresenceStream } from './presence-stream.js';
import { serveRunStream } from './run-stream.js';
import { serveRunsStream } from './runs-stream.js';
import type { StreamSettings } from './serve-stream.js';

/**
 * Server-sent events below /v1. Where the catalogue has a route of the same address, the stream is for clients that
 * ask for `text/event-stream`.
 */
export function createStreamRoutes(app: ApiApp, settings: StreamSettings): Router {
  const router = Router({ caseSensitive: true });
  const add = (path: string, serve: RequestHandler) => {
    const isShared = [...app.services.catalogue.actions.values()].some(
      ({ http }) => http?.method === 'get' && http.path === path,
    );
    router.get(path, (request, response, next) => {
      const isAskedFor = request.get('accept')?.includes('text/event-stream') ?? false;
      return isShared && !isAskedFor ? next() : serve(request, response, next);
    });
  };
  add('/runs/:id/events', serveRunStream(app, settings));
  add('/agent-runs/:id/events', serveAgentRunStream(app, settings));
  add('/automations/:id/presence', servePresenceStream(app, settings));
  add('/runs', serveRunsStream(app, settings));
  add('/events', serveOutboxStream(app, settings));
  add('/notifications', serveNotificationsStream(app, settings));
  return router;
}
