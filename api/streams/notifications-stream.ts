import type { RequestHandler } from 'express';
import { hubTopic } from '#runtime/hub/hub.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import { type StreamSettings, serveStream } from './serve-stream.js';

/**
 * `GET /v1/notifications` as a stream: an event `unread` at once and whenever the notifications of the person have
 * changed, with what `notifications.count_unread` gives.
 */
export function serveNotificationsStream(app: ApiApp, settings: StreamSettings): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    Object.assign(context, { route: '/v1/notifications', action: 'notifications.count_unread' });
    let counter = 0;
    let last: string | undefined;
    let isWoken = false;
    await serveStream(
      app,
      { request, response },
      {
        topic: ({ orgId, userId }) => hubTopic.notifications(orgId, userId),
        onWake: () => {
          isWoken = true;
        },
        async read(caller) {
          const hasNews = isWoken;
          isWoken = false;
          const data = await app.perform(
            caller,
            'notifications.count_unread',
            {},
            { requestId: context.requestId },
          );
          const text = JSON.stringify(data);
          if (!hasNews && last === text) return { events: [], next: 'wait' };
          last = text;
          return { events: [{ event: 'unread', id: String(++counter), data }], next: 'wait' };
        },
      },
      settings,
    );
  };
}
