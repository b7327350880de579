import type { Request, Response } from 'express';
import type { Effect } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import { quotaExceeded } from '#runtime/quotas/require-quota.js';
import type { RateClass } from '#runtime/rates/plan.js';
import type { NamedState } from '#runtime/rates/request-rates.js';
import type { ApiApp } from './api-app.js';
import { authenticate } from './authenticate.js';
import type { Metrics } from './metrics.js';

/**
 * Who calls, once their request has been counted. Throws `unauthenticated`, and `limit_exceeded` with the time to wait.
 * Sets the fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
 */
export type AdmitRequest = (request: Request, response: Response, effect: Effect) => Promise<Caller>;

/**
 * Counts a request of somebody who is known already, at the rates of their plan. Throws `limit_exceeded`, and sets
 * fields, as `AdmitRequest` does.
 */
export type CountRequest = (caller: KnownCaller, response: Response, effect: Effect) => Promise<void>;

export type KnownCaller = Exclude<Caller, { kind: 'anonymous' }>;

const classOf: Readonly<Record<Effect, RateClass>> = {
  read: 'read',
  write: 'write',
  destroy: 'write',
  send: 'send',
};

/** How requests to /v1 are let in: by credential, and at the rates of the caller's plan. */
export function createAdmission(app: ApiApp, count: CountRequest): AdmitRequest {
  return async (request, response, effect) => {
    const caller = await authenticate(app, request);
    if (caller.kind !== 'anonymous') await count(caller, response, effect);
    return caller;
  };
}

/** How requests with a credential are counted, whoever has found out whose it is. */
export function createRequestCount(
  app: ApiApp,
  { requestsRefused, requestsUncounted }: Pick<Metrics, 'requestsRefused' | 'requestsUncounted'>,
): CountRequest {
  return async (caller, response, effect) => {
    const counted = await app.services.requestRates.count({
      orgId: caller.orgId,
      principal: principalOf(caller),
      class: classOf[effect],
    });
    if (counted.state === 'unknown') requestsUncounted.inc();
    if (counted.state === 'counted') {
      setRateFields(response, counted.buckets);
      if (!counted.isAllowed) throw refusal(counted.buckets, (limit) => requestsRefused.inc({ limit }));
    }
    const usedUp = app.services.callCount.count(caller.orgId);
    if (!usedUp) return;
    requestsRefused.inc({ limit: 'month' });
    throw quotaExceeded(usedUp);
  };
}

/** Who calls, in one word. */
export function principalOf(caller: KnownCaller): string {
  switch (caller.kind) {
    case 'user':
      return `user:${caller.userId}`;
    case 'api_key':
      return `key:${caller.keyId}`;
    case 'support':
      return `support:${caller.userId}`;
    case 'scim':
      return `scim:${caller.tokenId}`;
    case 'automation':
      return `automation:${caller.automationId}`;
    case 'agent':
      return `agent:${caller.agentId}`;
  }
}

function setRateFields(response: Response, buckets: readonly NamedState[]): void {
  const policies = buckets.map(({ name, limit, windowMs }) => `"${name}";q=${limit};w=${windowMs / 1_000}`);
  const states = buckets.map(
    ({ name, remaining, resetMs }) => `"${name}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
  );
  response.setHeader('RateLimit-Policy', policies.join(', '));
  response.setHeader('RateLimit', states.join(', '));
}

function refusal(buckets: readonly NamedState[], onRefused: (limit: string) => void): AppError {
  const [slowest] = [...buckets].sort((a, b) => b.waitMs - a.waitMs);
  const name = slowest?.name ?? 'organization';
  onRefused(name);
  const who = name === 'organization' ? 'Your organization has' : `You have, for requests that ${name},`;
  return new AppError('limit_exceeded', `${who} used up the rate of the plan; send this again later`, {
    retryAfterMs: Math.max(1, slowest?.waitMs ?? 1),
  });
}
