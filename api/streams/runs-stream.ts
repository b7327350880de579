import type { RequestHandler } from 'express';
import { hubTopic } from '#runtime/hub/hub.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import { type StreamSettings, serveStream } from './serve-stream.js';

/** As many runs are compared with those of the look before, in case a wake was lost. */
const compared = 25;

/**
 * `GET /v1/runs` as a stream: an event `runs` whenever runs have begun, ended or changed their state, with the ids of
 * their automations as far as they are known. What they are now is read by `runs.list`, whose right it takes.
 */
export function serveRunsStream(app: ApiApp, settings: StreamSettings): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    Object.assign(context, { route: '/v1/runs', action: 'runs.list' });
    const changed = new Set<string>();
    let counter = 0;
    let last: string | undefined;

    await serveStream(
      app,
      { request, response },
      {
        topic: ({ orgId }) => hubTopic.runs(orgId),
        onWake: ({ id }) => changed.add(id),
        async read(caller) {
          const automationIds = [...changed];
          changed.clear();
          const input = { limit: compared };
          const page = await app.perform(caller, 'runs.list', input, { requestId: context.requestId });
          const text = JSON.stringify(page);
          const isNews = automationIds.length > 0 || (last !== undefined && last !== text);
          last = text;
          if (!isNews) return { events: [], next: 'wait' };
          const event = { event: 'runs', id: String(++counter), data: { automationIds } };
          return { events: [event], next: 'wait' };
        },
      },
      settings,
    );
  };
}
