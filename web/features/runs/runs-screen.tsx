import { Link } from '@tanstack/react-router';
import { Activity, ListFilter, Search, X } from 'lucide-react';
import { useCallback } from 'react';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { Picker } from '../../components/ui/picker.js';
import { EmptyState, SkeletonRows } from '../../components/ui/states.js';
import { type UrlFields, useUrlFields } from '../resources/use-url-fields.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type RunStatus, runStatuses, statusLooks } from './run.js';
import { RunList } from './run-list.js';
import { StatusMark } from './status-mark.js';
import { beginOf, timeSpans } from './time-spans.js';
import { type RunFilters, useRuns } from './use-runs.js';

const anId = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** All runs that the person may see, as they come and go. */
export function RunsScreen() {
  const [fields, change] = useUrlFields();
  return (
    <>
      <PageHeader title="Runs">
        <SearchInput
          label="Search by automation, key or id"
          text={fields.q ?? ''}
          onSearch={(q) => change({ q })}
        />
        <RunFilterBar fields={fields} onChange={change} />
      </PageHeader>
      <Runs fields={fields} within={{}} />
    </>
  );
}

/** Narrows runs by state and time, and to those of tests. */
export function RunFilterBar({
  fields,
  onChange,
}: {
  fields: UrlFields;
  onChange(changes: UrlFields): void;
}) {
  const chosen = statusesIn(fields);
  const span = timeSpans.find(({ value }) => value === fields.since);
  const toggle = (status: RunStatus) => {
    const left = chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
    onChange({ status: left.join(',') });
  };
  return (
    <>
      <Picker
        label="State"
        isMultiple
        choices={runStatuses.map((value) => ({
          value,
          label: statusLooks[value].label,
          icon: <StatusMark status={value} isShort />,
        }))}
        chosen={chosen}
        onChoose={toggle}
        trigger={
          <Button size="small" look={chosen.length > 0 ? 'secondary' : 'ghost'}>
            <ListFilter aria-hidden className="size-3.5" />
            State
            {chosen.length > 0 && (
              <span className="max-w-40 truncate text-accent">
                {chosen.map((status) => statusLooks[status].label).join(', ')}
              </span>
            )}
          </Button>
        }
      />
      <Picker
        label="Time"
        choices={timeSpans}
        chosen={span ? [span.value] : []}
        onChoose={(value) => onChange({ since: value === fields.since ? undefined : value })}
        trigger={
          <Button size="small" look={span ? 'secondary' : 'ghost'}>
            {span?.label ?? 'Any time'}
          </Button>
        }
      />
      <Button
        size="small"
        look={fields.tests ? 'secondary' : 'ghost'}
        aria-pressed={Boolean(fields.tests)}
        onClick={() => onChange({ tests: fields.tests ? undefined : 'yes' })}
      >
        Tests
      </Button>
      {(chosen.length > 0 || span || fields.tests) && (
        <Button
          size="small"
          look="ghost"
          onClick={() => onChange({ status: undefined, since: undefined, tests: undefined })}
        >
          <X aria-hidden />
          Clear
        </Button>
      )}
    </>
  );
}

/** The list of runs that fit what stands in the address. */
export function Runs({ fields, within }: { fields: UrlFields; within: { automationId?: string } }) {
  const filters = filtersOf(fields);
  const runs = useRuns({ ...filters, ...within });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (runs.isPending) return <SkeletonRows />;
  if (runs.error && runs.items.length === 0) return <ProblemScreen error={runs.error} retry={runs.refetch} />;
  if (runs.items.length > 0) return <RunList runs={runs.items} onEnd={onEnd} />;
  return Object.keys(filters).length > 0 ? (
    <EmptyState icon={Search} title="Nothing fits">
      No run is left by these filters.
    </EmptyState>
  ) : (
    <EmptyState
      icon={Activity}
      title="No runs yet"
      action={
        within.automationId === undefined && (
          <Button asChild look="primary">
            <Link to="/automations">Go to the automations</Link>
          </Button>
        )
      }
    >
      Each time an automation starts there is a run here, step by step, while it goes on and afterwards.
    </EmptyState>
  );
}

function filtersOf(fields: UrlFields): RunFilters {
  const status = statusesIn(fields);
  const span = timeSpans.find(({ value }) => value === fields.since);
  const text = fields.q?.trim();
  return {
    ...(status.length > 0 && { status }),
    ...(span && { since: beginOf(span.ms) }),
    ...(fields.tests && { isTest: true }),
    ...(text && (anId.test(text) ? { id: text } : { q: text })),
  };
}

function statusesIn({ status }: UrlFields): RunStatus[] {
  const names = status?.split(',') ?? [];
  return runStatuses.filter((one) => names.includes(one));
}
