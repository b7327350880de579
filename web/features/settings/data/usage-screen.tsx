import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, result } from '../../../api/client.js';
import { dayText } from '../../resources/moments.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

const quotasQuery = queryOptions({
  queryKey: ['quotas'],
  queryFn: () => result(api.GET('/v1/quotas')),
  staleTime: 10_000,
});

type Quota = Awaited<ReturnType<NonNullable<typeof quotasQuery.queryFn>>>['items'][number];

/** Above this part of the limit it is told in another colour. */
const narrow = 0.8;

/** How much the organization may use, and uses. */
export function UsageScreen() {
  const { data } = useSuspenseQuery(quotasQuery);
  return (
    <SettingsScreen title="Usage">
      <SettingsSection title="What is used" text="Owners are told by mail when something runs short.">
        {data.items.map((quota) => (
          <QuotaLine key={quota.name} quota={quota} />
        ))}
      </SettingsSection>
    </SettingsScreen>
  );
}

function QuotaLine({ quota: { title, description, unit, limit, used, resetsAt } }: { quota: Quota }) {
  const part = limit === null || limit === 0 ? 0 : Math.min(1, used / limit);
  return (
    <div className="grid gap-2 border-line border-b py-3 last:border-b-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3>{title}</h3>
        <p className="tabular-nums">
          {amountText(used, unit)}
          <span className="text-soft">
            {limit === null ? ', no limit' : ` of ${amountText(limit, unit)}`}
          </span>
        </p>
      </div>
      {limit !== null && (
        <div
          role="meter"
          aria-label={title}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={Math.min(used, limit)}
          className="h-1.5 overflow-hidden rounded-full bg-active"
        >
          <div
            className={
              part >= 1 ? 'h-full bg-danger' : part > narrow ? 'h-full bg-warning' : 'h-full bg-accent'
            }
            style={{ width: `${part * 100}%` }}
          />
        </div>
      )}
      <p className="text-mini text-soft">
        {description}
        {resetsAt !== null && ` · begins anew on ${dayText(resetsAt.slice(0, 10))}`}
      </p>
    </div>
  );
}

const number = new Intl.NumberFormat();
const sizes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

function amountText(amount: number, unit: string): string {
  if (unit !== 'bytes') return number.format(amount);
  const power = amount < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(amount) / 3));
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(amount / 1000 ** power)} ${sizes[power]}`;
}
