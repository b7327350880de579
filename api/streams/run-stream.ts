import type { RequestHandler } from 'express';
import { z } from 'zod';
import { hubTopic } from '#runtime/hub/hub.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import { type StreamSettings, serveStream } from './serve-stream.js';

const RunSnapshot = z.looseObject({ status: z.string() });
const finalStatuses = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * `GET /v1/runs/:id/events`: the run as `runs.get` shows it, at once and after each change (event `run`), and event
 * `end` when its status is final. What is unchanged is not sent again.
 */
export function serveRunStream(app: ApiApp, settings: StreamSettings): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    Object.assign(context, { route: '/v1/runs/:id/events', action: 'runs.get' });
    const id = String(request.params.id);
    let counter = 0;
    let lastSent = '';
    const next = (event: string, data: unknown) => ({ event, id: String(++counter), data });

    await serveStream(
      app,
      { request, response },
      {
        topic: ({ orgId }) => hubTopic.run(orgId, id),
        async read(caller) {
          const snapshot = await app.perform(caller, 'runs.get', { id }, { requestId: context.requestId });
          const { status } = RunSnapshot.parse(snapshot);
          const text = JSON.stringify(snapshot);
          const events = text === lastSent ? [] : [next('run', snapshot)];
          lastSent = text;
          if (!finalStatuses.has(status)) return { events, next: 'wait' };
          return { events: [...events, next('end', { status })], next: 'end' };
        },
      },
      settings,
    );
  };
}
