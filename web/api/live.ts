import { createParser } from 'eventsource-parser';
import { send } from './client.js';

/** An event of the organization, of which screens need the type only: they read what they show anew. */
export interface LiveEvent {
  type: string;
}

export interface LiveHandlers {
  onEvent(event: LiveEvent): void;
  /** What happened while nobody listened is unknown: read everything anew. */
  onReconnect(): void;
}

const longestPauseMs = 30_000;

/**
 * Follows the organization's events. One tab of a browser holds the stream and tells the others, for browsers open few
 * connections to one host. Returns how to stop.
 */
export function followEvents(orgId: string, handlers: LiveHandlers): () => void {
  const stopping = new AbortController();
  const name = `worksynapse.live.${orgId}`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<LiveEvent | 'reconnected'>) => {
    if (data === 'reconnected') handlers.onReconnect();
    else handlers.onEvent(data);
  };
  const lead = () =>
    holdStream(
      {
        onEvent(event) {
          handlers.onEvent(event);
          channel.postMessage(event);
        },
        onReconnect() {
          handlers.onReconnect();
          channel.postMessage('reconnected');
        },
      },
      stopping.signal,
    );
  const held =
    'locks' in navigator ? navigator.locks.request(name, { signal: stopping.signal }, lead) : lead();
  held.catch(() => {});
  return () => {
    stopping.abort();
    channel.close();
  };
}

async function holdStream(handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
  let last: string | undefined;
  let pauseMs = 1_000;
  let isFirst = true;
  while (!signal.aborted) {
    try {
      const request = new Request(new URL('/v1/events', location.origin), {
        headers: { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) },
        signal,
      });
      const response = await send(request);
      // Who may not see events sees none, also later.
      if (response.status === 403) return;
      if (response.ok && response.body) {
        if (!isFirst && last === undefined) handlers.onReconnect();
        isFirst = false;
        pauseMs = 1_000;
        await readStream(response.body, ({ type, id }) => {
          last = id;
          handlers.onEvent({ type });
        });
      }
    } catch {
      if (signal.aborted) return;
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: { type: string; id: string }) => void,
): Promise<void> {
  const parser = createParser({
    onEvent({ event, id }) {
      if (event !== undefined && id !== undefined) onEvent({ type: event, id });
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

/** Ends early when the browser is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
