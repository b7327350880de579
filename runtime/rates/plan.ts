/** What an organization has agreed on with the operator. */
export type Plan = 'free' | 'pro' | 'enterprise';

/** What a request is counted as: by the effect of its action. */
export type RateClass = 'read' | 'write' | 'send';

/** Requests in a minute: those of the whole organization, and of one person or key by class. */
export type PlanRates = Readonly<Record<RateClass | 'organization', number>>;

export const planRates: Readonly<Record<Plan, PlanRates>> = {
  free: { organization: 3_000, read: 1_200, write: 600, send: 120 },
  pro: { organization: 15_000, read: 3_000, write: 1_500, send: 300 },
  enterprise: { organization: 60_000, read: 12_000, write: 6_000, send: 1_200 },
};

export type PlanOf = (orgId: string) => Promise<Plan>;

const keptMs = 60_000;

/** Reads plans and keeps each for a minute. One that can't be read counts as `free`, and is read again soon. */
export function createPlanOf(read: PlanOf, now: () => number = () => performance.now()): PlanOf {
  const kept = new Map<string, { plan: Promise<Plan>; until: number }>();
  return (orgId) => {
    const found = kept.get(orgId);
    if (found && found.until > now()) return found.plan;
    for (const [key, { until }] of kept) if (until <= now()) kept.delete(key);
    const plan = read(orgId).catch((): Plan => {
      kept.delete(orgId);
      return 'free';
    });
    kept.set(orgId, { plan, until: now() + keptMs });
    return plan;
  };
}
