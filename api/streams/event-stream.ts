import { once } from 'node:events';
import type { Response } from 'express';

/** One server-sent event. `data` becomes JSON. */
export interface StreamEvent {
  event: string;
  /** What `Last-Event-ID` will say when the client comes back. */
  id?: string;
  data: unknown;
}

export interface EventStream {
  /** Sends one event; returns once the client takes more. */
  send(event: StreamEvent): Promise<void>;
  end(): void;
}

/** How soon a client that was cut off should come back, in milliseconds. */
const retryMs = 2_000;

/**
 * Opens a stream of server-sent events (WHATWG HTML, 9.2), with a comment each `heartbeatMs` so that proxies keep it
 * open. `signal` is aborted when it is to end.
 */
export function openEventStream(response: Response, heartbeatMs: number, signal: AbortSignal): EventStream {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('X-Accel-Buffering', 'no');
  response.write(`retry: ${retryMs}\n\n`);
  const heartbeat = setInterval(() => response.write(': keep-alive\n\n'), heartbeatMs);
  const end = () => {
    clearInterval(heartbeat);
    if (!response.writableEnded) response.end();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();

  return {
    async send({ event, id, data }) {
      if (signal.aborted) return;
      const lines = [
        `event: ${event}`,
        ...(id === undefined ? [] : [`id: ${id}`]),
        `data: ${JSON.stringify(data)}`,
      ];
      const hasRoom = response.write(`${lines.join('\n')}\n\n`);
      if (!hasRoom) await once(response, 'drain', { signal }).catch(refuseUnlessAborted);
    },
    end,
  };
}

function refuseUnlessAborted(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
