import { z } from 'zod';
import { type Hub, hubTopic } from '#runtime/hub/hub.js';
import { principalOf } from '../admit-request.js';
import type { McpCall } from './mcp-call.js';

const Cancelled = z.object({ params: z.object({ requestId: z.union([z.string().max(200), z.number()]) }) });

/**
 * Tells the process that is at work on a request that its client does not want it any more. In revisions with sessions
 * this comes as a notification of its own, which any process may get; later ones close the request's connection.
 */
export function tellCancelled(
  hub: Pick<Hub, 'publish'>,
  { caller, sessionId }: McpCall,
  body: unknown,
): void {
  const message = Cancelled.safeParse(body).data;
  if (!message || sessionId === undefined) return;
  hub.publish(hubTopic.mcpSession(caller.orgId, sessionId), {
    type: principalOf(caller),
    id: JSON.stringify(message.params.requestId),
  });
}

/** Aborted when the client cancels this request or goes. Call `stop` when the request is done. */
export function cancellationOf(
  hub: Pick<Hub, 'subscribe'>,
  { caller, sessionId }: McpCall,
  request: { id: string | number; signal: AbortSignal },
): { signal: AbortSignal; stop(): void } {
  if (sessionId === undefined) return { signal: request.signal, stop: () => undefined };
  const cancelled = new AbortController();
  const stop = hub.subscribe(hubTopic.mcpSession(caller.orgId, sessionId), ({ type, id }) => {
    if (type === principalOf(caller) && id === JSON.stringify(request.id)) cancelled.abort();
  });
  return { signal: AbortSignal.any([request.signal, cancelled.signal]), stop };
}
