import type { RequestHandler } from 'express';
import { z } from 'zod';
import { hubTopic } from '#runtime/hub/hub.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import type { StreamEvent } from './event-stream.js';
import { type StreamSettings, serveStream } from './serve-stream.js';

const Run = z.looseObject({ status: z.string(), finishedAt: z.string().nullable() });
const Numbered = z.object({ items: z.array(z.looseObject({ number: z.int() })) });

/** Between two looks while a model speaks, in milliseconds: what is said is to be read as it comes. */
const gapMs = 40;

/** Where a reader has got to: the last message, and the last piece of text. */
interface Place {
  message: number;
  text: string | undefined;
}

/**
 * `GET /v1/agent-runs/:id/events`: a run of an agent as it goes on: `run` as `agent_runs.get` shows it, `message` and `step` for each
 * that is new or has changed, `text` for each piece of what the model is saying (`attempt` counts its tries: what an earlier one said is void), and
 * `end` once nothing more will come. A reader that comes back with `Last-Event-ID` misses nothing.
 */
export function serveAgentRunStream(app: ApiApp, settings: StreamSettings): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    Object.assign(context, { route: '/v1/agent-runs/:id/events', action: 'agent_runs.get' });
    const id = String(request.params.id);
    const place = readPlace(request.get('last-event-id'));
    const sent = new Map<string, string>();
    const options = { requestId: context.requestId };

    /** The event, unless it would say again what was said last. */
    const changed = (event: string, key: string, data: unknown): StreamEvent[] => {
      const text = JSON.stringify(data);
      if (sent.get(key) === text) return [];
      sent.set(key, text);
      return [{ event, id: placeText(place), data }];
    };

    await serveStream(
      app,
      { request, response },
      {
        topic: ({ orgId }) => hubTopic.agentRun(orgId, id),
        async read(caller) {
          const { orgId } = caller;
          const run = await app.perform(caller, 'agent_runs.get', { id }, options);
          const after = { id, after: place.message, limit: 200 };
          const [messages, steps, texts] = await Promise.all([
            app.perform(caller, 'agent_runs.list_messages', after, options),
            app.perform(caller, 'agent_runs.list_steps', { id, newest: 50 }, options),
            app.services.textStreams.read(orgId, id, place.text),
          ]);
          const events: StreamEvent[] = changed('run', 'run', run);
          for (const { place: at, ...said } of texts) {
            place.text = at;
            events.push({ event: 'text', id: placeText(place), data: said });
          }
          for (const step of Numbered.parse(steps).items)
            events.push(...changed('step', `step ${step.number}`, step));
          for (const message of Numbered.parse(messages).items) {
            place.message = message.number;
            events.push({ event: 'message', id: placeText(place), data: message });
          }
          const { status, finishedAt } = Run.parse(run);
          if (finishedAt === null) return { events, next: 'wait' };
          return {
            events: [...events, { event: 'end', id: placeText(place), data: { status } }],
            next: 'end',
          };
        },
      },
      { ...settings, gapMs: Math.min(gapMs, settings.gapMs) },
    );
  };
}

function placeText({ message, text }: Place): string {
  return text === undefined ? String(message) : `${message}_${text}`;
}

/** What is no place is the beginning. */
function readPlace(given: string | undefined): Place {
  const found = /^(\d{1,9})(?:_(\d{1,20}-\d{1,20}))?$/.exec(given ?? '');
  return { message: Number(found?.[1] ?? 0), text: found?.[2] };
}
