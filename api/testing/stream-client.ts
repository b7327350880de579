/** One received event; `data` is parsed. */
export interface ReceivedEvent {
  event: string;
  id: string | undefined;
  data: unknown;
}

export interface OpenStream {
  contentType: string;
  /** The next event; undefined once the server has ended the stream. */
  next(): Promise<ReceivedEvent | undefined>;
  close(): Promise<void>;
}

/** Reads server-sent events; throws if the answer is not 200. */
export async function openStream(url: string, headers: Record<string, string>): Promise<OpenStream> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } });
  if (response.status !== 200 || !response.body)
    throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  return {
    contentType: response.headers.get('content-type') ?? '',
    async next() {
      for (;;) {
        const end = buffer.indexOf('\n\n');
        if (end >= 0) {
          const block = buffer.slice(0, end);
          buffer = buffer.slice(end + 2);
          const event = parseEvent(block);
          if (event) return event;
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        buffer += value;
      }
    },
    close: () => reader.cancel().catch(() => {}),
  };
}

function parseEvent(block: string): ReceivedEvent | undefined {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const event = field('event');
  if (event === undefined) return undefined;
  return { event, id: field('id'), data: JSON.parse(field('data') ?? 'null') };
}
