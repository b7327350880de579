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

/** What the person may follow: the organization's events, and that its runs have changed. */
export interface LiveSources {
  events: boolean;
  runs: boolean;
  /** What the person is told themselves. */
  notifications: boolean;
}

const longestPauseMs = 30_000;

/**
 * Follows the organization's events and runs, and the person's notifications; of these come `run.changed` and
 * `notification.changed`. One tab of a browser holds the streams and
 * tells the others, for browsers open few connections to one host. Returns how to stop.
 */
export function followEvents(orgId: string, sources: LiveSources, handlers: LiveHandlers): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const name = `worksynapse.live.${orgId}`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<LiveEvent | 'reconnected'>) => {
    if (data === 'reconnected') handlers.onReconnect();
    else handlers.onEvent(data);
  };
  const tell = (event: LiveEvent) => {
    handlers.onEvent(event);
    channel.postMessage(event);
  };
  const lead = async () => {
    await Promise.all([
      sources.events && holdEvents({ onEvent: tell, onReconnect }, signal),
      sources.runs && holdChanges('/v1/runs', () => tell({ type: 'run.changed' }), signal),
      sources.notifications &&
        holdChanges('/v1/notifications', () => tell({ type: 'notification.changed' }), signal),
    ]);
  };
  function onReconnect() {
    handlers.onReconnect();
    channel.postMessage('reconnected');
  }
  const held = 'locks' in navigator ? navigator.locks.request(name, { signal }, lead) : lead();
  held.catch(() => {});
  return () => {
    stopping.abort();
    channel.close();
  };
}

/**
 * Follows one run: calls back with what the API shows of it, at once and after each change, until it has ended. Returns
 * how to stop.
 */
export function followRun(id: string, onRun: (run: unknown) => void): () => void {
  return holdWhileSeen(`/v1/runs/${encodeURIComponent(id)}/events`, ({ event, data }, end) => {
    if (event === 'run') onRun(JSON.parse(data));
    if (event === 'end') end();
  });
}

/** Follows who has an automation's draft open: calls back with all of them, at once and after each change. */
export function followPresence(automationId: string, onPresence: (present: unknown) => void): () => void {
  const path = `/v1/automations/${encodeURIComponent(automationId)}/presence`;
  return holdWhileSeen(path, ({ event, data }) => {
    if (event === 'presence') onPresence(JSON.parse(data));
  });
}

/** While the page is hidden nothing is followed, for a browser opens few connections to one host. Returns how to stop. */
function holdWhileSeen(
  path: string,
  onMessage: (message: StreamMessage, end: () => void) => void,
): () => void {
  let stopping: AbortController | undefined;
  let hasEnded = false;
  const follow = () => {
    stopping?.abort();
    stopping = undefined;
    if (document.hidden || hasEnded) return;
    const own = new AbortController();
    stopping = own;
    const end = () => {
      hasEnded = true;
      own.abort();
    };
    void holdStream({ path }, own.signal, (message) => onMessage(message, end));
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    stopping?.abort();
  };
}

function holdEvents(handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
  let last: string | undefined;
  const source = {
    path: '/v1/events',
    headers: (): Record<string, string> => (last === undefined ? {} : { 'last-event-id': last }),
    onReopen: () => {
      if (last === undefined) handlers.onReconnect();
    },
  };
  return holdStream(source, signal, ({ event, id }) => {
    if (id === undefined) return;
    last = id;
    handlers.onEvent({ type: event });
  });
}

/** Follows a stream that only says that something has changed. */
function holdChanges(path: string, onChange: () => void, signal: AbortSignal): Promise<void> {
  return holdStream({ path, onReopen: onChange }, signal, onChange);
}

interface HeldStream {
  path: string;
  headers?(): Record<string, string>;
  /** Called when it is open again after it was lost. */
  onReopen?(): void;
}

interface StreamMessage {
  event: string;
  id: string | undefined;
  data: string;
}

/** Keeps a stream open, until the signal is aborted or the right to it is gone. */
async function holdStream(
  { path, headers, onReopen }: HeldStream,
  signal: AbortSignal,
  onMessage: (message: StreamMessage) => void,
): Promise<void> {
  let pauseMs = 1_000;
  let isFirst = true;
  while (!signal.aborted) {
    try {
      const request = new Request(new URL(path, location.origin), {
        headers: { accept: 'text/event-stream', ...headers?.() },
        signal,
      });
      const response = await send(request);
      if (response.status === 403 || response.status === 404) return;
      if (response.ok && response.body) {
        if (!isFirst) onReopen?.();
        isFirst = false;
        pauseMs = 1_000;
        await readStream(response.body, onMessage);
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
  onMessage: (message: StreamMessage) => void,
): Promise<void> {
  const parser = createParser({
    onEvent({ event, id, data }) {
      if (event !== undefined) onMessage({ event, id, data });
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
