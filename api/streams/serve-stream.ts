import type { Request, Response } from 'express';
import { AppError } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import type { HubMessage } from '#runtime/hub/hub.js';
import type { AdmitRequest } from '../admit-request.js';
import type { ApiApp } from '../api-app.js';
import { authenticate } from '../authenticate.js';
import { errorForLog } from '../error-for-log.js';
import { toAppError } from '../problem.js';
import { contextOf } from '../request-context.js';
import { type EventStream, openEventStream, type StreamEvent } from './event-stream.js';
import { follow, type NextLook } from './follow.js';
import type { StreamLimit } from './stream-limit.js';

/** How live streams behave; tests make the times short. */
export interface StreamSettings {
  gapMs: number;
  heartbeatMs: number;
  limit: StreamLimit;
  admit: AdmitRequest;
  stopping: AbortSignal;
}

type Person = Extract<Caller, { userId: string }>;

export interface StreamSource {
  /** Topic of the hub that wakes it. */
  topic(caller: Person): string;
  /** Told of each message before it is read for. */
  onWake?(message: HubMessage): void;
  /** Reads what is new, with the caller's present rights. */
  read(caller: Person): Promise<{ events: readonly StreamEvent[]; next: NextLook }>;
}

/**
 * Serves one live stream. The first read comes before anything is sent, so a refusal is an ordinary problem. The
 * credential and the rights are checked again on each read: a stream ends with an `error` event when they are gone.
 */
export async function serveStream(
  app: ApiApp,
  { request, response }: { request: Request; response: Response },
  source: StreamSource,
  settings: StreamSettings,
): Promise<void> {
  const caller = asPerson(await settings.admit(request, response, 'read'));
  if (settings.stopping.aborted) {
    throw new AppError('provider_unavailable', 'This server is about to stop', { retryAfterMs: 1_000 });
  }
  const release = settings.limit.take(caller.userId);
  const left = new AbortController();
  response.once('close', () => left.abort());
  const signal = AbortSignal.any([left.signal, settings.stopping]);
  let stream: EventStream | undefined;
  try {
    await follow({
      subscribe: (wake) =>
        app.services.hub.subscribe(source.topic(caller), (message) => {
          source.onWake?.(message);
          wake();
        }),
      look: async () => {
        const { events, next } = await source.read(
          stream ? asPerson(await authenticate(app, request)) : caller,
        );
        stream ??= openStream(request, response, settings, signal);
        for (const event of events) await stream.send(event);
        return next;
      },
      gapMs: settings.gapMs,
      idleMs: settings.heartbeatMs,
      signal,
    });
  } catch (error) {
    if (!stream) throw error;
    await stream.send({ event: 'error', data: describe(app, request, error) });
  } finally {
    release();
    stream?.end();
  }
}

function openStream(request: Request, response: Response, settings: StreamSettings, signal: AbortSignal) {
  contextOf(request).isStream = true;
  return openEventStream(response, settings.heartbeatMs, signal);
}

function asPerson(caller: Caller): Person {
  if ('userId' in caller) return caller;
  throw new AppError('unauthenticated', 'Sign in, or send an API key');
}

function describe(app: ApiApp, request: Request, error: unknown) {
  const { code, message } = toAppError(error);
  const { requestId } = contextOf(request);
  if (code === 'internal')
    app.services.logger.error({ error: errorForLog(error), requestId }, 'a stream failed');
  return { code, detail: message, requestId };
}
