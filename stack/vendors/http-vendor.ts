import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Connector, ConnectorContext } from '#core/connector.js';
import { createGuardedNetwork } from '#runtime/outgoing/testing/guarded-network.js';
import { type ContextChoices, createConnectorContext, runConnectorAction } from './connector-context.js';

export interface SeenRequest {
  method: string;
  /** Path and query, as they were sent. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const Output = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  url: z.string(),
  pages: z.number(),
  hasMore: z.boolean(),
});

export type Respond = (response: ServerResponse, request: SeenRequest) => unknown;

/** Local servers of any behaviour that note what they are sent, and calls to them by the HTTP connector. */
export function createHttpVendor(http: Connector) {
  const network = createGuardedNetwork();
  const requests: SeenRequest[] = [];

  /** Starts a server and gives its origin. */
  async function serve(respond: Respond, address = '127.0.0.1'): Promise<string> {
    const port = await network.serve(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      const { method = '', url: target = '', headers } = request;
      const seen = { method, target, headers, body };
      requests.push(seen);
      respond(response, seen);
    }, address);
    return `http://${address}:${port}`;
  }

  function context(choices: ContextChoices = {}): ConnectorContext {
    const { fetch } = network.outgoing();
    const created = createConnectorContext(http, {
      secret: { scheme: 'bearer', token: 'unused-token' },
      ...choices,
    });
    return { ...created, secret: choices.secret === undefined ? undefined : created.secret, fetch };
  }

  /** Runs `http.request`; without a connection unless `choices` has a secret. */
  async function call(input: Record<string, unknown>, choices: ContextChoices = {}) {
    return Output.parse(await runConnectorAction(http, 'http.request', context(choices), input));
  }

  return { network, requests, serve, context, call, last: () => requests.at(-1), close };

  async function close(): Promise<void> {
    requests.length = 0;
    await network.close();
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
