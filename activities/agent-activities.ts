import { Context } from '@temporalio/activity';
import type { RunPlace } from '#runtime/agents/agent-run.js';
import { askAgentModel, type ModelStep } from '#runtime/agents/ask-agent-model.js';
import { failRun } from '#runtime/agents/fail-run.js';
import { type AgentMove, nextMove } from '#runtime/agents/next-move.js';
import { runTool, type ToolStep } from '#runtime/agents/run-tool.js';
import { watchRun } from '#runtime/agents/watch-run.js';
import type { TextPart } from '#runtime/ai/gateway.js';
import { LaneFull } from '#runtime/ai/reserve.js';
import { pause } from '#runtime/pause.js';
import type { Perform } from '#runtime/perform/perform.js';
import type { Services } from '#runtime/services.js';
import { isFinalError, isOutage, toFailure } from './failure.js';
import { heartbeatMs } from './while-beating.js';

export interface AgentActivities {
  nextAgentMove(place: RunPlace): Promise<AgentMove>;
  /** Asks the model once. Its text goes to readers as it comes. */
  askAgentModel(step: ModelStep): Promise<void>;
  /** Performs one tool. A failure that is no outage is the model's to deal with, and none of the activity. */
  runAgentTool(step: ToolStep): Promise<void>;
}

/** How often one call is tried. */
const maxAttempts = 5;

/** The activities of agents' runs. What they do stands in the database, so that each may be carried out again. */
export function createAgentActivities(services: Services, perform: Perform): AgentActivities {
  return {
    nextAgentMove: (place) => withFailures(() => nextMove(services, place)),
    async askAgentModel(step) {
      const { info, cancellationSignal } = Context.current();
      const watch = watchRun(services, step);
      const signal = AbortSignal.any([cancellationSignal, watch.signal]);
      try {
        await beating(() =>
          onceThereIsRoom(signal, () =>
            askAgentModel(services, step, { signal, onText: sayOf(services, step, info.attempt) }),
          ),
        );
      } catch (error) {
        cancellationSignal.throwIfAborted();
        // Whoever looks next finds the step open, or the run ended.
        if (watch.signal.aborted) return;
        const isFinal = isFinalError(error, info.attempt, maxAttempts);
        if (isFinal) await failRun(services, step, error);
        throw toFailure(error, isFinal);
      } finally {
        watch.stop();
      }
    },
    async runAgentTool(step) {
      const { info, cancellationSignal: signal } = Context.current();
      const isFinal = (error: unknown) => isFinalError(error, info.attempt, maxAttempts);
      const work = () => runTool(services, perform, step, { signal, isFinal });
      await withFailures(() => (info.isLocal ? work() : beating(work)));
    },
  };
}

async function withFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    Context.current().cancellationSignal.throwIfAborted();
    throw toFailure(
      error,
      !isOutage(error) && isFinalError(error, Context.current().info.attempt, maxAttempts),
    );
  }
}

async function beating<Result>(work: () => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

/** Passes on what the model says. Another model that is asked instead begins anew, as another try does. */
function sayOf({ textStreams }: Services, { orgId, runId, step }: ModelStep, tries: number) {
  let attempt = tries * 100;
  return (part: TextPart) => {
    if ('restart' in part) attempt += 1;
    else textStreams.add(orgId, runId, { step, attempt, text: part.text });
  };
}

/** That as many calls are out to a provider as may be is no failure: this one waits for its turn. */
async function onceThereIsRoom<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LaneFull)) throw error;
      await pause(error.retryAfterMs * (0.5 + Math.random()), signal, () => {});
      signal.throwIfAborted();
    }
  }
}
