import type { Logger } from '../logger.js';
import type { Bucket, BucketState, RateStore } from './bucket.js';
import { type PlanOf, planRates, type RateClass } from './plan.js';

/** A bucket as a client sees it. */
export interface NamedState extends BucketState {
  /** `organization`, or the class of the request. */
  name: string;
  limit: number;
  windowMs: number;
}

export type CountedRequest =
  | { state: 'counted'; isAllowed: boolean; buckets: NamedState[] }
  /** Limits are switched off. */
  | { state: 'unlimited' }
  /** The store did not answer: the request goes on. */
  | { state: 'unknown' };

export interface RequestRates {
  /** Counts one request of a person or key, against their own limit and the organization's. Never rejects. */
  count(request: { orgId: string; principal: string; class: RateClass }): Promise<CountedRequest>;
  close(): void;
}

const windowMs = 60_000;
/** How often at most it is logged that requests are not counted. */
const logEveryMs = 10_000;

/** The rates of requests to the API, by plan. `factor` multiplies all of them; 0 switches them off. */
export function createRequestRates(
  store: RateStore,
  { planOf, factor, logger }: { planOf: PlanOf; factor: number; logger: Logger },
): RequestRates {
  let loggedAt = Number.NEGATIVE_INFINITY;
  const report = (err: unknown) => {
    if (performance.now() - loggedAt < logEveryMs) return;
    loggedAt = performance.now();
    logger.error({ err }, 'requests are let through uncounted: the store of rates does not answer');
  };
  return {
    async count({ orgId, principal, class: name }) {
      if (factor === 0) return { state: 'unlimited' };
      const rates = planRates[await planOf(orgId)];
      const limitOf = (rate: number) => Math.max(1, Math.floor(rate * factor));
      // In braces: what Redis Cluster keeps in one place.
      const buckets: (Bucket & { name: string })[] = [
        { name: 'organization', key: `rate:{${orgId}}`, limit: limitOf(rates.organization), windowMs },
        { name, key: `rate:{${orgId}}:${principal}:${name}`, limit: limitOf(rates[name]), windowMs },
      ];
      try {
        const { isAllowed, states } = await store.take(buckets);
        const named = buckets.flatMap(({ name: of, limit }, index) => {
          const state = states[index];
          return state ? [{ ...state, name: of, limit, windowMs }] : [];
        });
        return { state: 'counted', isAllowed, buckets: named };
      } catch (error) {
        report(error);
        return { state: 'unknown' };
      }
    },
    close: () => store.close(),
  };
}
