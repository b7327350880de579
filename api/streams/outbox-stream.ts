import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import { hubTopic } from '#runtime/hub/hub.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import type { NextLook } from './follow.js';
import { type StreamSettings, serveStream } from './serve-stream.js';

const pageSize = 100;
const EventPage = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  hasPending: z.boolean(),
});

/**
 * `GET /v1/events` as a stream: the organization's events as they happen, each with its own id, through the action
 * `events.list`. `Last-Event-ID` (or `?after=`) goes on exactly after that event; without it the stream begins now.
 */
export function serveOutboxStream(app: ApiApp, settings: StreamSettings): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    Object.assign(context, { route: '/v1/events', action: 'events.list' });
    const list = async (caller: Caller, input: object) =>
      EventPage.parse(await app.perform(caller, 'events.list', input, { requestId: context.requestId }));
    let after = startOf(request);
    let hasBegun = after !== undefined;

    await serveStream(
      app,
      { request, response },
      {
        topic: ({ orgId }) => hubTopic.events(orgId),
        async read(caller) {
          if (!hasBegun) {
            // What can be listed now is the past; whatever becomes listable later is news.
            const { items, hasPending } = await list(caller, { order: 'newest', limit: 1 });
            after = items[0]?.id;
            hasBegun = true;
            return { events: [], next: hasPending ? 'soon' : 'wait' };
          }
          const page = await list(caller, { ...(after !== undefined && { after }), limit: pageSize });
          after = page.items.at(-1)?.id ?? after;
          const events = page.items.map((item) => ({ event: item.type, id: item.id, data: item }));
          return { events, next: nextLook(page) };
        },
      },
      settings,
    );
  };
}

function nextLook({ items, hasPending }: z.output<typeof EventPage>): NextLook {
  if (items.length === pageSize) return 'again';
  return hasPending ? 'soon' : 'wait';
}

function startOf(request: Request): string | undefined {
  const given = request.get('last-event-id') ?? request.query.after;
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string' && z.uuid().safeParse(given).success) return given;
  const message = 'must be the id of an event';
  throw new AppError('validation', `Last-Event-ID ${message}`, { issues: [{ path: 'after', message }] });
}
