export interface ServerSentEvent {
  event: string;
  data: unknown;
}

/** Reads server-sent events (WHATWG HTML, 9.2.6) as they come, as the API sends them: one line of JSON data each. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of body) {
    buffer += decoder.decode(chunk, { stream: true });
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = fieldOf(block, 'event');
      if (event !== undefined) yield { event, data: JSON.parse(fieldOf(block, 'data') ?? 'null') };
    }
  }
}

function fieldOf(block: string, name: string): string | undefined {
  const line = block.split('\n').find((text) => text.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}
