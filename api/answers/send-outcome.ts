import type { Request, Response } from 'express';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import type { RunOutcome } from '#runtime/runs/run-outcome.js';
import type { ApiApp } from '../api-app.js';
import { describeProblem } from '../problem.js';

/** Statuses whose answers have no body (RFC 9110). */
const bodiless = new Set([204, 205, 304]);

/**
 * Answers with what a run said: its answer, else 200 with its result or 204, a problem with the run's id if it failed
 * (502) or has not ended yet (504). Nothing of why it failed is told: whoever may see the run can look it up.
 */
export function sendOutcome(
  app: ApiApp,
  request: Request,
  response: Response,
  { runId, outcome }: { runId: string; outcome: RunOutcome },
): void {
  response.setHeader('X-Run-Id', runId);
  response.setHeader('Cache-Control', 'no-store');
  // Whatever an automation answers: a browser that shows it gives it no script, no form and no origin of ours.
  response.setHeader('Content-Security-Policy', 'sandbox');
  // It is for whoever has the address, also for a page of another site.
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  if (outcome.kind === 'answered') sendAnswer(response, outcome);
  else if (outcome.kind === 'unfinished' || outcome.status !== 'succeeded')
    sendProblem(app, request, response, { runId, outcome });
  else if (outcome.result === null) response.status(204).end();
  else response.status(200).json(outcome.result);
}

function sendProblem(
  app: ApiApp,
  request: Request,
  response: Response,
  { runId, outcome }: { runId: string; outcome: Exclude<RunOutcome, { kind: 'answered' }> },
): void {
  const error =
    outcome.kind === 'ended'
      ? new AppError('run_failed', `The run ${outcome.status === 'failed' ? 'failed' : 'was cancelled'}`)
      : new AppError('run_unfinished', 'The run goes on; it has not answered in time');
  const problem = { ...describeProblem(error, request, publicUrl(app.services.configuration)), runId };
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function sendAnswer(response: Response, answer: Extract<RunOutcome, { kind: 'answered' }>): void {
  const { status, headers, hasBody, body } = answer;
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!hasBody || bodiless.has(status)) {
    response.end();
    return;
  }
  const isText = typeof body === 'string';
  if (!response.hasHeader('Content-Type')) {
    response.setHeader(
      'Content-Type',
      isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    );
  }
  response.send(Buffer.from(isText ? body : JSON.stringify(body)));
}
