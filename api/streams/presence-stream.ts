import type { RequestHandler } from 'express';
import { hubTopic } from '#runtime/hub/hub.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import { type StreamSettings, serveStream } from './serve-stream.js';

/**
 * `GET /v1/automations/:id/presence` as a stream: an event `presence` with those who have the draft open, at once and
 * whenever they are others or have chosen something else. Takes the right of `automations.list_presence`.
 */
export function servePresenceStream(app: ApiApp, settings: StreamSettings): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    const action = 'automations.list_presence';
    Object.assign(context, { route: '/v1/automations/:id/presence', action });
    const id = String(request.params.id);
    let counter = 0;
    let last: string | undefined;

    await serveStream(
      app,
      { request, response },
      {
        topic: ({ orgId }) => hubTopic.presence(orgId, id),
        async read(caller) {
          const present = await app.perform(caller, action, { id }, { requestId: context.requestId });
          const text = JSON.stringify(present);
          if (text === last) return { events: [], next: 'wait' };
          last = text;
          return { events: [{ event: 'presence', id: String(++counter), data: present }], next: 'wait' };
        },
      },
      settings,
    );
  };
}
