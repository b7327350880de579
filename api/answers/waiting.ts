import type { Request, Response } from 'express';
import type { ApiApp } from '../api-app.js';
import { type ConcurrencyLimit, createConcurrencyLimit } from '../concurrency-limit.js';
import { sendOutcome } from './send-outcome.js';

/** Requests that wait for a run. */
export interface Waiting {
  /** Takes a place among an organization's waiting requests, before anything is started. Throws `limit_exceeded`. */
  take: ConcurrencyLimit['take'];
  /** Waits for the run and answers with what it says. It goes on when the client leaves or the time is up. */
  answer(request: Request, response: Response, run: AwaitedRun): Promise<void>;
}

export interface AwaitedRun {
  orgId: string;
  runId: string;
  timeoutMs: number;
}

/** Lets requests wait, up to `places` for one organization in this process, until `stopping` is aborted. */
export function createWaiting(app: ApiApp, places: number, stopping: AbortSignal): Waiting {
  const limit = createConcurrencyLimit(
    places,
    `${places} requests of this organization wait for a run already; send this one again later`,
    1_000,
  );
  return {
    take: limit.take,
    async answer(request, response, { orgId, runId, timeoutMs }) {
      const left = new AbortController();
      const onClose = () => left.abort();
      response.once('close', onClose);
      const signal = AbortSignal.any([left.signal, stopping]);
      const outcome = await app.waitForRun({ orgId, runId, timeoutMs, signal });
      response.off('close', onClose);
      if (!left.signal.aborted) sendOutcome(app, request, response, { runId, outcome });
    },
  };
}
