import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Dialect, WireAnswer } from './dialect.js';
import { ModelError } from './model-error.js';
import type { SeenRequest, SeenRequests } from './seen-requests.js';

/** Anthropic's limit; OpenAI's is not documented. */
const maxBodyBytes = 32 * 1024 * 1024;

/** One request and its answer. */
export class Exchange {
  readonly requestId = `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  readonly path: string;
  readonly seen: SeenRequest;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #log: SeenRequests;
  readonly #clientGone = new AbortController();
  #isBroken = false;

  constructor(request: IncomingMessage, response: ServerResponse, log: SeenRequests) {
    this.#request = request;
    this.#response = response;
    this.#log = log;
    this.path = new URL(request.url ?? '/', 'http://simulator').pathname;
    this.seen = log.begin(this.requestId, this.path);
    response.once('close', () => {
      const isComplete = response.writableFinished || this.#isBroken;
      this.#clientGone.abort();
      log.end(this.seen, isComplete ? 'answered' : 'cancelled');
    });
  }

  get method(): string {
    return this.#request.method ?? 'GET';
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Aborted when the client goes, or the answer is complete. */
  get signal(): AbortSignal {
    return this.#clientGone.signal;
  }

  /** The body as JSON. Throws ModelError when it is none, or too large. */
  async readJson(): Promise<unknown> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.#request) {
      size += chunk.length;
      if (size > maxBodyBytes) {
        throw new ModelError('too_large', 'Request exceeds the maximum allowed number of bytes.');
      }
      chunks.push(chunk);
    }
    try {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      this.seen.body = body;
      return body;
    } catch {
      throw new ModelError('invalid_request', 'We could not parse the JSON body of your request.');
    }
  }

  /** Rejects when the client goes first. */
  async pause(durationMs: number): Promise<void> {
    if (durationMs > 0) await wait(durationMs, undefined, { signal: this.signal });
  }

  /** Resolves when the client has gone. */
  hang(): Promise<void> {
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  sendJson({ status, headers, body }: WireAnswer): void {
    this.sendText(status, headers, JSON.stringify(body));
  }

  sendText(status: number, headers: Record<string, string>, text: string): void {
    this.#begin(status, {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    this.#response.end(text);
  }

  /** Announces a whole text, sends the first half and breaks the connection. */
  sendHalf(headers: Record<string, string>, text: string): void {
    this.#begin(200, {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    this.#response.write(text.slice(0, Math.floor(text.length / 2)));
    this.breakOff();
  }

  beginStream(headers: Record<string, string>): void {
    this.#begin(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
  }

  async writeEvent(text: string): Promise<void> {
    this.signal.throwIfAborted();
    this.seen.chunks += 1;
    this.#log.changed();
    if (!this.#response.write(text)) await this.#drained();
  }

  endStream(): void {
    this.#response.end();
  }

  /** Ends the connection in the midst of an answer, after what was written has gone out. */
  breakOff(): void {
    this.#isBroken = true;
    this.#response.socket?.destroySoon();
  }

  sendError(dialect: Pick<Dialect, 'error'>, error: ModelError): void {
    if (!this.#response.headersSent) this.sendJson(dialect.error(error, this.requestId));
  }

  #begin(status: number, headers: Record<string, string | number>): void {
    this.seen.status = status;
    this.seen.firstByteAt = Date.now();
    this.#response.writeHead(status, headers);
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#response.once('drain', resolve);
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
    });
  }
}
