import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { Button } from '../../components/ui/button.js';
import { Skeleton } from '../../components/ui/states.js';

type Plan = paths['/v1/plans']['get']['responses'][200]['content']['application/json']['items'][number];

const titles: Readonly<Record<Plan['name'], string>> = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' };
const count = new Intl.NumberFormat(undefined, { notation: 'compact' });
const gibibyte = 2 ** 30;

/** What each plan allows, as the API tells it. */
export function Pricing() {
  const { data, error } = useQuery({
    queryKey: ['plans'],
    queryFn: ({ signal }) => result(api.GET('/v1/plans', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return null;
  return (
    <section aria-label="Plans" className="py-16">
      <h2 className="font-semibold text-2xl tracking-tight">Plans</h2>
      <p className="mt-2 max-w-xl text-soft leading-relaxed">
        Everybody begins with the first. Who runs it on a machine of their own sets the limits.
      </p>
      <div className="mt-6 grid gap-4 md:grid-cols-3">
        {data?.items.map((plan) => <PlanCard key={plan.name} plan={plan} />) ??
          ['free', 'pro', 'enterprise'].map((name) => <Skeleton key={name} className="h-72" />)}
      </div>
    </section>
  );
}

function PlanCard({ plan: { name, quotas, features } }: { plan: Plan }) {
  return (
    <article
      aria-label={titles[name]}
      className="flex min-h-72 flex-col rounded-xl border border-line bg-raised p-6"
    >
      <h3 className="font-semibold text-[15px]">{titles[name]}</h3>
      <dl className="mt-4 grid gap-1.5">
        {quotas.map((quota) => (
          <div key={quota.name} className="flex justify-between gap-3">
            <dt className="text-soft">{quota.title}</dt>
            <dd className="tabular-nums">{amountOf(quota)}</dd>
          </div>
        ))}
      </dl>
      <ul className="mt-4 mb-6 grid gap-1.5 text-soft">
        {features.map((feature) => (
          <li key={feature.name} className="flex items-center gap-2">
            <Check aria-hidden className="size-4 text-success" />
            {feature.title}
          </li>
        ))}
      </ul>
      {name === 'free' ? (
        <Button asChild look="primary" className="mt-auto">
          <Link to="/sign-up">Begin with Free</Link>
        </Button>
      ) : (
        <p className="mt-auto text-soft">Changed to when you need more.</p>
      )}
    </article>
  );
}

function amountOf({ unit, limit, isMonthly }: Plan['quotas'][number]): string {
  if (limit === null) return 'As agreed';
  const amount = unit === 'bytes' ? `${count.format(limit / gibibyte)} GiB` : count.format(limit);
  return isMonthly ? `${amount} a month` : amount;
}
