import { eq, sql } from 'drizzle-orm';
import { allowedActions } from '#core/agents/definition.js';
import { actionOfTool, isOwnTool, ownTools } from '#core/agents/tools.js';
import type { ToolCall } from '#core/ai/message.js';
import { AppError, type ErrorRecord, toErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agentRuns, agentSteps } from '#db/schema/index.js';
import { complete, type GatewayReply, type TextPart } from '../ai/gateway.js';
import { hubTopic } from '../hub/hub.js';
import { packValue } from '../packing.js';
import { resolveActor } from '../resolve-actor.js';
import type { Services } from '../services.js';
import { validate } from '../validate.js';
import { agentCaller } from './agent-caller.js';
import { writeMessage } from './agent-message.js';
import { type OpenRun, openRun, type RunPlace } from './agent-run.js';
import { changeStep, readStep } from './agent-step.js';
import { buildMessages } from './build-messages.js';
import { compact } from './compact.js';
import { offeredTools } from './offered-tools.js';

export interface ModelStep extends RunPlace {
  step: number;
  /** The agent has gone as far as it may: it is offered no tools, and told to sum up. */
  isLast: boolean;
}

/** Most tools that one reply may ask for. */
const maxCallsAtOnce = 20;
/** How often the same call may be made between two words of a person. */
const maxSameCalls = 3;

const lastWords =
  'You have reached the limit of steps for this. Do not call tools any more: sum up what you have done, what is left, and what the person should know.';

/**
 * Asks the model of a run once and writes down what it said, with the tools that it wants. A step that is done already is not done
 * again. Throws AppError: what the gateway throws, and `forbidden` where the agent may not act any more.
 */
export async function askAgentModel(
  services: Services,
  { step, isLast, ...place }: ModelStep,
  { signal, onText }: { signal: AbortSignal; onText(part: TextPart): void },
): Promise<void> {
  const { orgId, runId } = place;
  const prepare = () =>
    services.database.withOrg(orgId, async (transaction) => {
      const row = await readStep(transaction, place, step);
      if (row?.kind !== 'model' || (row.status !== 'pending' && row.status !== 'running')) return undefined;
      const open = await openRun(transaction, place);
      const actor = await resolveActor(transaction, agentCaller(open));
      await changeStep(transaction, place, step, {
        status: 'running',
        attempts: row.attempts + 1,
        seenMessage: open.run.lastMessage,
        ...(row.startedAt === null && { startedAt: new Date().toISOString() }),
      });
      const told = await buildMessages(services, transaction, place, open);
      return { open, actor, ...told, tools: isLast ? [] : offeredTools(services, actor, open) };
    });
  const first = await prepare();
  if (!first) return;
  const isShorter = await compact(services, place, { ...first, step }, signal);
  const prepared = isShorter ? await prepare() : first;
  if (!prepared) return;
  const { open, actor, system, parts, tools } = prepared;
  const messages = [system, ...parts.flatMap((part) => part.messages)];
  const { definition, run } = open;
  const reply = await complete(
    services,
    {
      actor,
      purpose: 'chat',
      agent: { id: run.agentId, version: run.agentVersion },
      run: { id: runId, step: String(step) },
    },
    {
      messages: isLast ? [...messages, { role: 'user', text: lastWords }] : messages,
      tools,
      ...(definition.model && { model: definition.model }),
      ...(definition.temperature !== undefined && { temperature: definition.temperature }),
    },
    { signal, onText },
  );
  await services.database.withOrg(orgId, (transaction) =>
    // What it calls though it was offered nothing is not heard: it would go on without end.
    writeReply(services, transaction, { place, step, reply: isLast ? { ...reply, toolCalls: [] } : reply }),
  );
  services.hub.publish(hubTopic.agentRun(orgId, runId), { type: 'message', id: runId });
}

interface Replied {
  place: RunPlace;
  step: number;
  reply: GatewayReply;
}

async function writeReply(
  services: Services,
  transaction: Transaction,
  { place, step, reply }: Replied,
): Promise<void> {
  const { orgId } = place;
  const files = services.files(orgId, transaction);
  const open = await openRun(transaction, place, { isLocked: true });
  const { run } = open;
  const calls = reply.toolCalls.map((call, index) => ({ call, number: run.lastStep + 1 + index }));
  // What a summary has cost before it is there already.
  const before = await readStep(transaction, place, step);
  const isOurs = await changeStep(transaction, place, step, {
    status: 'succeeded',
    finishedAt: new Date().toISOString(),
    callId: reply.callId,
    cost: (before?.cost ?? 0) + reply.cost,
    inputTokens: (before?.inputTokens ?? 0) + reply.usage.inputTokens,
    outputTokens: (before?.outputTokens ?? 0) + reply.usage.outputTokens,
  });
  if (!isOurs) return;
  const number = run.lastMessage + 1;
  const content = { text: reply.text, toolCalls: reply.toolCalls };
  await writeMessage(files, transaction, place, { number, role: 'assistant', step, content });
  for (const [index, { call, number: own }] of calls.entries()) {
    const problem = index >= maxCallsAtOnce ? tooMany() : await problemOf(services, transaction, open, call);
    await transaction.insert(agentSteps).values({
      ...place,
      number: own,
      kind: 'tool',
      tool: call.name,
      toolCallId: call.id,
      modelStep: step,
      action: isOwnTool(call.name) ? null : actionOfTool(call.name),
      input: await packValue(files, readArguments(call) ?? { text: call.arguments }),
      ...(problem && { status: 'failed' as const, error: problem, finishedAt: new Date().toISOString() }),
    });
  }
  await transaction
    .update(agentRuns)
    .set({
      lastMessage: number,
      lastStep: run.lastStep + calls.length,
      turnModelCalls: sql`${agentRuns.turnModelCalls} + 1`,
      turnToolCalls: sql`${agentRuns.turnToolCalls} + ${calls.length}`,
      activeAt: sql`now()`,
    })
    .where(eq(agentRuns.id, place.runId));
}

/** What is wrong with a call, before anything is done for it; the model is told, and may do better. */
async function problemOf(
  { catalogue }: Services,
  transaction: Transaction,
  { run, definition }: OpenRun,
  call: ToolCall,
): Promise<ErrorRecord | undefined> {
  const given = readArguments(call);
  if (!given) return { code: 'validation', message: 'The arguments are not a JSON object' };
  if (await isRepeated(transaction, run, call))
    return {
      code: 'conflict',
      message: 'The very same call was made several times; do something else, or stop',
    };
  try {
    if (isOwnTool(call.name)) validate(ownTools[call.name].input, given);
    else validate(allowedAction(catalogue, definition, call.name).input, given);
    return undefined;
  } catch (error) {
    return toErrorRecord(error);
  }
}

function allowedAction(catalogue: Services['catalogue'], definition: OpenRun['definition'], tool: string) {
  const name = actionOfTool(tool);
  if (!allowedActions(definition).some((allowed) => allowed.name === name))
    throw new AppError('not_found', `There is no tool ${tool}`);
  return catalogue.action(name);
}

async function isRepeated(
  transaction: Transaction,
  { orgId, id, turnStartedAt }: OpenRun['run'],
  call: ToolCall,
): Promise<boolean> {
  const [row] = await transaction.execute<{ count: number }>(sql`
    SELECT count(*)::integer AS count FROM agent_steps
    WHERE org_id = ${orgId}::uuid AND run_id = ${id}::uuid AND tool = ${call.name} AND created_at >= ${turnStartedAt}
      AND input -> 'inline' = ${JSON.stringify(readArguments(call) ?? {})}::text::jsonb`);
  return (row?.count ?? 0) >= maxSameCalls;
}

/** Undefined for what is no JSON object. */
function readArguments({ arguments: text }: ToolCall): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function tooMany(): ErrorRecord {
  return { code: 'limit_exceeded', message: `Only ${maxCallsAtOnce} tools can be called at once` };
}
