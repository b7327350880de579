import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { hubTopic } from '#runtime/hub/hub.js';
import type { PerformOptions } from '#runtime/perform/perform.js';
import type { RunOutcome } from '#runtime/runs/run-outcome.js';
import type { Waiting } from '../answers/waiting.js';
import type { ApiApp } from '../api-app.js';
import { follow } from '../streams/follow.js';
import type { McpCall } from './mcp-call.js';
import { toolError, toolResult } from './tool-result.js';

/** The action whose result is waited for where its input says `wait`. */
export const runAction = 'automations.run';

const Waits = z.looseObject({ wait: z.literal(true), timeout: z.number().optional() });
const Started = z.object({ id: z.uuid() });
const Steps = z.object({ items: z.array(z.object({ nodeId: z.string(), status: z.string() })) });
const endedStatuses = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);
const defaultSeconds = 30;
const gapMs = 50;
const idleMs = 5_000;

export interface AwaitedCall {
  input: unknown;
  options: PerformOptions;
  signal: AbortSignal;
  /** The run ends when the client cancels; else only the waiting does. */
  cancelsRun: boolean;
  /** Tells the client how many steps have ended. Absent: it did not ask. */
  tellProgress: ((ended: number, message: string) => Promise<void>) | undefined;
}

/** True for a call that waits for the run that it starts. */
export function waitsForRun(actionName: string, input: unknown): boolean {
  return actionName === runAction && Waits.safeParse(input).success;
}

/** Starts a run and waits for what it says. The run goes on when the time is up, and when the client goes. */
export async function runAndWait(
  { app, waiting, stopping }: { app: ApiApp; waiting: Pick<Waiting, 'take'>; stopping: AbortSignal },
  call: McpCall,
  awaited: AwaitedCall,
): Promise<CallToolResult> {
  const { caller } = call;
  const release = waiting.take(caller.orgId);
  try {
    const { id: runId } = Started.parse(await app.perform(caller, runAction, awaited.input, awaited.options));
    const signal = AbortSignal.any([awaited.signal, stopping]);
    const outcome = await outcomeOf(app, call, { ...awaited, signal }, runId);
    if (awaited.signal.aborted && awaited.cancelsRun && outcome.kind === 'unfinished') {
      const { requestId, origin } = call;
      await app.perform(caller, 'runs.cancel', { id: runId }, { requestId, origin });
    }
    return presented(call, runId, outcome);
  } finally {
    release();
  }
}

async function outcomeOf(
  app: ApiApp,
  call: McpCall,
  { input, signal, tellProgress }: AwaitedCall,
  runId: string,
): Promise<RunOutcome> {
  const { orgId } = call.caller;
  const timeoutMs = (Waits.parse(input).timeout ?? defaultSeconds) * 1_000;
  const over = new AbortController();
  const telling = tellProgress
    ? followSteps(app, call, { runId, tellProgress, signal: AbortSignal.any([signal, over.signal]) })
    : Promise.resolve();
  try {
    return await app.waitForRun({ orgId, runId, timeoutMs, signal });
  } finally {
    over.abort();
    await telling;
  }
}

/** Tells of steps as they end, to who may read runs. */
async function followSteps(
  app: ApiApp,
  { caller, requestId, origin }: McpCall,
  given: { runId: string; signal: AbortSignal; tellProgress: NonNullable<AwaitedCall['tellProgress']> },
): Promise<void> {
  const { runId, signal, tellProgress } = given;
  let told = 0;
  await follow({
    subscribe: (wake) => app.services.hub.subscribe(hubTopic.run(caller.orgId, runId), wake),
    async look() {
      const input = { id: runId, limit: 200 };
      const found = await app
        .perform(caller, 'runs.list_steps', input, { requestId, origin })
        .catch((error: unknown) => {
          if (error instanceof AppError) return undefined;
          throw error;
        });
      if (found === undefined) return 'end';
      const ended = Steps.parse(found).items.filter(({ status }) => endedStatuses.has(status));
      const last = ended.at(-1);
      if (last && ended.length > told && !signal.aborted) {
        told = ended.length;
        await tellProgress(told, `${last.nodeId} ${last.status}`);
      }
      return 'wait';
    },
    gapMs,
    idleMs,
    signal,
  });
}

function presented({ problemOf }: McpCall, runId: string, outcome: RunOutcome): CallToolResult {
  if (outcome.kind === 'answered') {
    const { status, body } = outcome;
    return toolResult({ runId, status, body });
  }
  if (outcome.kind === 'unfinished') {
    const error = new AppError('run_unfinished', 'The run goes on; it has not answered in time');
    return toolError(problemOf(error), { runId });
  }
  if (outcome.status === 'succeeded') return toolResult({ runId, result: outcome.result });
  const what = outcome.status === 'failed' ? 'failed' : 'was cancelled';
  return toolError(problemOf(new AppError('run_failed', `The run ${what}`)), { runId });
}
