import { randomUUID } from 'node:crypto';
import { costOf } from '#core/ai/cost.js';
import type { TokenUsage } from '#core/ai/model-provider.js';
import type { ConnectorContext } from '#core/connector.js';
import { AppError, toErrorRecord } from '#core/errors.js';
import { markCredentialsExpired } from '../connection.js';
import { dispatchChannel } from '../outbox.js';
import type { Services } from '../services.js';
import type { OpenModel } from './chosen-models.js';
import { type CallRecord, logCall } from './log-call.js';
import type { ModelUse } from './model-use.js';
import { type Reservation, reserve } from './reserve.js';
import { settle } from './settle.js';
import { tellOfBudget } from './tell-of-budget.js';

/** A call of one model, before it goes out. */
export interface PlannedCall<Reply> {
  operation: CallRecord['operation'];
  parameters: CallRecord['parameters'];
  prompt: CallRecord['prompt'];
  /** The most that it can cost, in millionths of a minor unit. */
  highestCost: number;
  /** `onFirst` is called when the first of the reply is there. */
  ask(context: ConnectorContext, onFirst: () => void): Promise<Reply>;
  /** What is kept of the reply. */
  shown(reply: Reply): unknown;
  usageOf(reply: Reply): TokenUsage;
  /** The most that a call has used which broke off. `isUnknown`: the provider may have worked on it without an answer. */
  usageOfBroken(isUnknown: boolean): TokenUsage;
}

/** What is to be known of a call that was answered. */
export interface Answered {
  /** In the log. */
  callId: string;
  provider: string;
  model: string;
  /** Millionths of a minor unit. */
  cost: number;
}

/** Longest that one call may take. */
const timeoutMs = 300_000;

/**
 * Holds back what the call can cost, asks, and writes down what came of it: whatever that is, it is in the log. Throws what
 * `reserve` and the provider throw, and the signal's reason.
 */
export async function askModel<Reply extends object>(
  services: Services,
  use: ModelUse,
  model: OpenModel,
  planned: PlannedCall<Reply>,
  signal: AbortSignal,
): Promise<Reply & Answered> {
  signal.throwIfAborted();
  const { lane, maxConcurrentCalls, price, provider } = model;
  const wanted = { use, amount: planned.highestCost, lane, maxConcurrentCalls, timeoutMs };
  const reservation = await reserve(services.database, wanted);
  const clock = startClock();
  const limit = AbortSignal.timeout(timeoutMs);
  const context = contextOf(services, use, model, AbortSignal.any([signal, limit]));
  const asked = await planned.ask(context, clock.first).then(
    (reply) => ({ reply }),
    (error: unknown) => ({ error: limit.aborted && !signal.aborted ? tookTooLong(error) : error }),
  );
  const { operation, parameters, prompt } = planned;
  const call = { id: reservation.id, use, model, operation, parameters, prompt, ...clock.times() };
  if ('reply' in asked) {
    const usage = planned.usageOf(asked.reply);
    const cost = costOf(usage, price);
    const reply = planned.shown(asked.reply);
    const record = { ...call, reply, usage, isEstimated: false, cost, outcome: 'succeeded' as const };
    await settleAndLog(services, reservation, record);
    return { ...asked.reply, callId: reservation.id, provider, model: model.model, cost };
  }
  const usage = planned.usageOfBroken(signal.aborted || limit.aborted);
  const outcome = signal.aborted ? 'cancelled' : toErrorRecord(asked.error).code;
  const cost = costOf(usage, price);
  await settleAndLog(services, reservation, {
    ...call,
    reply: undefined,
    usage,
    isEstimated: true,
    cost,
    outcome,
  });
  if (outcome === 'credentials_expired') await noteExpired(services, use, model);
  throw asked.error;
}

/** Times of a call, in milliseconds. */
function startClock() {
  const startedAt = new Date();
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  let firstTokenMs: number | null = null;
  return {
    first: () => {
      firstTokenMs ??= since();
    },
    times: () => ({ startedAt, latencyMs: since(), firstTokenMs }),
  };
}

function tookTooLong(cause: unknown): AppError {
  return new AppError('provider_unavailable', `The model took longer than ${timeoutMs / 1000} s`, { cause });
}

async function settleAndLog(services: Services, reservation: Reservation, record: CallRecord): Promise<void> {
  const { orgId } = record.use.actor;
  const mails = await services.database.withOrg(orgId, async (transaction) => {
    await logCall(services, transaction, record);
    const runningOut = await settle(transaction, orgId, reservation, record.cost);
    let queued = 0;
    for (const one of runningOut) queued += (await tellOfBudget(services, transaction, orgId, one)).queued;
    return queued;
  });
  if (mails > 0) services.hub.publish(dispatchChannel, { type: 'mail', id: reservation.id });
}

async function noteExpired(
  { database }: Services,
  { actor }: ModelUse,
  { connectionId }: OpenModel,
): Promise<void> {
  if (connectionId === null) return;
  await database.withOrg(actor.orgId, (transaction) => markCredentialsExpired(transaction, connectionId));
}

function contextOf(
  { files, outgoing }: Services,
  { actor }: ModelUse,
  { config, secret, ways }: OpenModel,
  signal: AbortSignal,
): ConnectorContext {
  return {
    config,
    secret,
    ...ways,
    resolveHost: outgoing.resolveHost,
    files: files(actor.orgId),
    signal,
    idempotencyKey: randomUUID(),
    isRetry: false,
  };
}
