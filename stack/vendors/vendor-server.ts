import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface VendorRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface VendorAnswer {
  /** 200 unless given. */
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
}

/**
 * How the next requests fail: `rate_limited` and `server_error` answer before anything happens, `lost_answer` does
 * what was asked and then breaks the connection, and an answer of one's own stands for any other error.
 */
export type VendorFailure = 'rate_limited' | 'server_error' | 'lost_answer' | VendorAnswer;

export interface VendorServer {
  /** `http://127.0.0.1:port`. */
  origin: string;
  /** How many requests came in. */
  readonly requests: number;
  failNext(times: number, failure: VendorFailure): void;
  close(): Promise<void>;
}

/** Starts a local HTTP server that speaks JSON as vendors do; the vendor's protocol is what `handle` answers. */
export async function startVendorServer(
  port: number,
  handle: (request: VendorRequest) => VendorAnswer,
): Promise<VendorServer> {
  let requests = 0;
  let failures: VendorFailure[] = [];

  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    requests += 1;
    const failure = failures.shift();
    if (failure === undefined) return answer(response, handle(request));
    if (failure !== 'lost_answer') return answer(response, failureAnswer(failure));
    handle(request);
    incoming.socket.destroy();
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The vendor server has no port.');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    get requests() {
      return requests;
    },
    failNext(times, failure) {
      failures = Array.from({ length: times }, () => failure);
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function answer(response: ServerResponse, { status = 200, headers, body }: VendorAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function failureAnswer(failure: 'rate_limited' | 'server_error' | VendorAnswer): VendorAnswer {
  if (failure === 'rate_limited') {
    return { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } };
  }
  if (failure === 'server_error') return { status: 503, body: { message: 'Service unavailable' } };
  return failure;
}
