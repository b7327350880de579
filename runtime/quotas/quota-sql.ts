import { type SQL, sql } from 'drizzle-orm';
import { plans } from '#core/flags.js';
import { planQuotas, type QuotaName } from '#core/quotas.js';

/** The first day of the present month, in UTC. */
export const presentMonth = sql`date_trunc('month', now() AT TIME ZONE 'UTC')::date`;

/** When the next month begins. */
export const nextMonth = sql`(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'`;

/** How much the organization of the transaction may use, as a bigint; null: as much as it wants. */
export function limitOf(orgId: string, name: QuotaName): SQL {
  const byPlan = JSON.stringify(Object.fromEntries(plans.map((plan) => [plan, planQuotas[plan][name]])));
  return sql`(SELECT CASE WHEN agreed.name IS NULL THEN (${byPlan}::text::jsonb ->> o.plan)::bigint ELSE agreed.max END
    FROM organizations o LEFT JOIN quota_limits agreed ON agreed.org_id = o.id AND agreed.name = ${name}
    WHERE o.id = ${orgId}::uuid)`;
}

/** How much of it the organization of the transaction has used, or has, as a bigint. */
export function usedOf(orgId: string, name: QuotaName): SQL {
  if (name === 'members') {
    return sql`(SELECT count(*) FROM members WHERE org_id = ${orgId}::uuid AND status = 'active')`;
  }
  if (name === 'storage') {
    return sql`(SELECT coalesce(sum(size), 0)::bigint FROM stored_objects
      WHERE org_id = ${orgId}::uuid AND removed_at IS NULL)`;
  }
  return sql`(SELECT coalesce(sum(used), 0)::bigint FROM usage_counts
    WHERE org_id = ${orgId}::uuid AND name = ${name} AND month = ${presentMonth})`;
}
