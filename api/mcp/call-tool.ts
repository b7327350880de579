import {
  type CallToolRequest,
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ConnectorAction } from '#core/connector.js';
import { invalidField } from '#core/errors.js';
import type { Action } from '#runtime/domain.js';
import type { PerformOptions } from '#runtime/perform/perform.js';
import type { Waiting } from '../answers/waiting.js';
import type { ApiApp } from '../api-app.js';
import { checkJson } from '../check-json.js';
import { cancellationOf } from './cancellations.js';
import type { McpCall } from './mcp-call.js';
import { runAndWait, waitsForRun } from './run-automation.js';
import { toolError, toolResult } from './tool-result.js';
import type { Tools } from './tools.js';

/** What a client may say of a call, in its `_meta`. */
const Meta = z.looseObject({
  'worksynapse/idempotencyKey': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .optional(),
  'worksynapse/cancelRun': z.boolean().optional(),
  progressToken: z.union([z.string(), z.number()]).optional(),
});

type Meta = z.output<typeof Meta>;

const Connected = z.looseObject({ connectionId: z.uuid().optional() });

export interface ToolServices {
  app: ApiApp;
  tools: Tools;
  waiting: Pick<Waiting, 'take'>;
  /** Aborted when the process is about to stop. */
  stopping: AbortSignal;
}

/**
 * Performs the action that a tool stands for. Refusals and failures are results, so that a model can read them; a name
 * that no tool has is a ProtocolError.
 */
export async function callTool(
  services: ToolServices,
  call: McpCall,
  request: CallToolRequest,
  context: ServerContext,
): Promise<CallToolResult> {
  const { name, arguments: given = {} } = request.params;
  const action = services.tools.action(name);
  if (!action) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name}`);
  call.noteAction(action.name);
  try {
    checkJson(given);
    const meta = readMeta(context);
    const { input, connectionId } = readArguments(action, given);
    const options: PerformOptions = {
      requestId: call.requestId,
      origin: call.origin,
      ...idempotencyOf(action, call, meta, context),
      ...(connectionId !== undefined && { connectionId }),
    };
    return await perform(services, call, { action, input, options, meta }, context);
  } catch (error) {
    return toolError(call.problemOf(error));
  }
}

async function perform(
  { app, waiting, stopping }: ToolServices,
  call: McpCall,
  {
    action,
    input,
    options,
    meta,
  }: { action: Action | ConnectorAction; input: unknown; options: PerformOptions; meta: Meta },
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const isAwaited = waitsForRun(action.name, input);
  if (!isAwaited && action.kind !== 'connector') {
    return toolResult(await app.perform(call.caller, action.name, input, options));
  }
  const { signal, stop } = cancellationOf(app.services.hub, call, mcpReq);
  try {
    if (!isAwaited)
      return toolResult(await app.perform(call.caller, action.name, input, { ...options, signal }));
    const { progressToken } = meta;
    const cancelsRun = meta['worksynapse/cancelRun'] ?? false;
    const tellProgress =
      progressToken === undefined
        ? undefined
        : (progress: number, message: string) =>
            mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } });
    return await runAndWait({ app, waiting, stopping }, call, {
      input,
      options,
      signal,
      cancelsRun,
      tellProgress,
    });
  } finally {
    stop();
  }
}

function readMeta({ mcpReq }: ServerContext): Meta {
  const meta = Meta.safeParse(mcpReq._meta ?? {});
  if (meta.success) return meta.data;
  const [issue] = meta.error.issues;
  throw invalidField({ path: `_meta.${issue?.path.join('.')}`, message: issue?.message ?? 'is not valid' });
}

/** The connection is no part of an app's own input. Throws `validation`. */
function readArguments(action: Action | ConnectorAction, given: Record<string, unknown>) {
  if (action.kind !== 'connector') return { input: given, connectionId: undefined };
  const parsed = Connected.safeParse(given);
  if (!parsed.success)
    throw invalidField({ path: 'connectionId', message: 'must be the id of a connection' });
  const { connectionId, ...input } = parsed.data;
  return { input, connectionId };
}

/**
 * The key that the client gives; else, in a session, one made of the session and the request's id, which a client that
 * sends a request again repeats. Ids alone begin anew with each client, and so prove nothing.
 */
function idempotencyOf(
  action: Action | ConnectorAction,
  { sessionId }: McpCall,
  meta: Meta,
  { mcpReq }: ServerContext,
): Pick<PerformOptions, 'idempotencyKey'> {
  if (action.effect === 'read') return {};
  const given = meta['worksynapse/idempotencyKey'];
  if (given !== undefined) return { idempotencyKey: given };
  const id = String(mcpReq.id);
  if (sessionId === undefined || !/^[\x21-\x7e]{1,100}$/.test(id)) return {};
  return { idempotencyKey: `mcp:${sessionId}:${id}` };
}
