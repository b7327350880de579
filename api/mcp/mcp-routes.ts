import { randomUUID } from 'node:crypto';
import { createMcpHandler } from '@modelcontextprotocol/server';
import {
  type Request as ExpressRequest,
  type Response as ExpressResponse,
  type RequestHandler,
  Router,
} from 'express';
import { z } from 'zod';
import type { Effect } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import { type AdmitRequest, type KnownCaller, principalOf } from '../admit-request.js';
import type { Waiting } from '../answers/waiting.js';
import type { ApiApp } from '../api-app.js';
import { originOf } from '../client-network.js';
import { errorForLog } from '../error-for-log.js';
import { readJsonBody } from '../json-body.js';
import { describeProblem, toAppError } from '../problem.js';
import { contextOf } from '../request-context.js';
import type { StreamLimit } from '../streams/stream-limit.js';
import { tellCancelled } from './cancellations.js';
import { createMcpServer } from './create-mcp-server.js';
import type { McpCall } from './mcp-call.js';
import { challenge, resourceMetadataPath, serveResourceMetadata } from './resource-metadata.js';
import { recordKindsOf } from './resources.js';
import { createTools, type Tools } from './tools.js';
import { sendWebResponse, toWebRequest } from './web-exchange.js';

/** What has to be known of a message before it is handed on. */
const Message = z.looseObject({
  method: z.string().optional(),
  params: z.looseObject({ name: z.string().optional() }).optional(),
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface McpOptions {
  admit: AdmitRequest;
  waiting: Pick<Waiting, 'take'>;
  streams: StreamLimit;
  /** Aborted when the process is about to stop: what waits ends. */
  stopping: AbortSignal;
  version: string;
}

/**
 * The Model Context Protocol over Streamable HTTP, at /mcp: the catalogue as tools, records as resources. Each request
 * stands alone, so any process may answer it; its caller is known by the credentials of /v1, and counted as there.
 */
export function createMcpRoutes(
  app: ApiApp,
  { admit, waiting, streams, stopping, version }: McpOptions,
): Router {
  const { configuration, catalogue, logger, hub } = app.services;
  const address = publicUrl(configuration);
  const tools = createTools(catalogue.actions.values());
  const services = { app, tools, waiting, stopping, version, kinds: recordKindsOf(catalogue.actions) };
  const calls = new WeakMap<Request, McpCall>();
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const call = requestInfo && calls.get(requestInfo);
      if (!call) throw new Error('A request of the protocol has lost its caller');
      return createMcpServer(services, call);
    },
    {
      onerror: (error) =>
        logger.debug({ error: errorForLog(error) }, 'a request of an MCP client was refused'),
    },
  );

  const router = Router({ caseSensitive: true });
  router.get(resourceMetadataPath, serveResourceMetadata(address));
  router.post('/mcp', refuseForeignOrigins([address, ...configuration.CORS_ORIGINS]), readJsonBody, serve);
  router.all('/mcp', (_request, response) => {
    response.setHeader('Allow', 'POST');
    throw new AppError(
      'method_not_allowed',
      'Send messages by POST; there are no sessions to follow or to end',
    );
  });
  return router;

  async function serve(request: ExpressRequest, response: ExpressResponse): Promise<void> {
    Object.assign(contextOf(request), { route: '/mcp' });
    const message = readMessage(request.body);
    const call = callOf(request, await admitted(request, response, effectOf(tools, message)));
    const isListening = message.method === 'subscriptions/listen';
    const release = isListening ? streams.take(principalOf(call.caller)) : undefined;
    if (message.method === 'notifications/cancelled') tellCancelled(hub, call, request.body);
    // Clients of revisions with sessions send it with each request; nothing is kept of it.
    if (message.method === 'initialize') response.setHeader('Mcp-Session-Id', randomUUID());
    const webRequest = toWebRequest(request, response, {
      url: `${address}/mcp`,
      ...(isListening && { until: stopping }),
    });
    calls.set(webRequest, call);
    try {
      await sendWebResponse(await handler.fetch(webRequest, { parsedBody: request.body }), response);
    } finally {
      release?.();
    }
  }

  async function admitted(
    request: ExpressRequest,
    response: ExpressResponse,
    effect: Effect,
  ): Promise<KnownCaller> {
    try {
      const caller = await admit(request, response, effect);
      if (caller.kind !== 'anonymous') return caller;
      throw new AppError('unauthenticated', 'Send "Authorization: Bearer <API key>"');
    } catch (error) {
      const isUnknown = error instanceof AppError && error.code === 'unauthenticated';
      if (isUnknown) response.setHeader('WWW-Authenticate', challenge(address));
      throw error;
    }
  }

  function callOf(request: ExpressRequest, caller: KnownCaller): McpCall {
    const context = contextOf(request);
    const { requestId } = context;
    const given = request.get('mcp-session-id');
    return {
      caller,
      requestId,
      origin: originOf(request),
      sessionId: given !== undefined && uuid.test(given) ? given : undefined,
      noteAction(name) {
        context.action = name;
      },
      problemOf(error) {
        const known = toAppError(error);
        if (known.code === 'internal')
          logger.error({ error: errorForLog(error), requestId }, 'a tool failed');
        const { retryAfterMs } = known;
        const retryAfterSeconds =
          retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1_000));
        return {
          ...describeProblem(known, request, address),
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        };
      },
    };
  }
}

/** One message; lists of them, which an old revision knew, would pass the rates by. Throws `malformed`. */
function readMessage(body: unknown): z.output<typeof Message> {
  const message = Message.safeParse(body);
  if (message.success) return message.data;
  throw new AppError('malformed', 'Send one message of JSON-RPC 2.0');
}

/** What a message is counted as. */
function effectOf(tools: Tools, { method, params }: z.output<typeof Message>): Effect {
  if (method !== 'tools/call') return 'read';
  return tools.action(params?.name ?? '')?.effect ?? 'read';
}

/** A page of another site may not talk to the server, whatever credential it has got hold of. */
function refuseForeignOrigins(known: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const origin = request.get('origin');
    if (origin !== undefined && !known.includes(origin)) {
      throw new AppError('forbidden', `Pages of ${origin.slice(0, 200)} may not use this: see CORS_ORIGINS`);
    }
    next();
  };
}
