import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api, result } from '../../api/client.js';
import { Select } from '../../components/ui/field.js';
import { Skeleton } from '../../components/ui/states.js';
import { OptionRow } from '../resources/option-row.js';
import { durationMs, durationText } from './durations.js';
import { type RunStep, runKey, type StepStatus, statusLooks } from './run.js';
import { StatusMark } from './status-mark.js';
import { StepAttempts } from './step-attempts.js';
import { StepValues } from './step-values.js';
import type { StepEntry } from './steps-of-run.js';

const rowHeight = 36;
const offered: readonly StepStatus[] = ['failed', 'running', 'waiting', 'succeeded', 'skipped', 'cancelled'];

export interface LoopPassesProps {
  runId: string;
  entry: StepEntry;
  pass: string | undefined;
  onPass(pass: string | undefined): void;
  now: number;
}

/** What was done in each pass of a loop: of one step within it, or of all. Only those in sight are on the page. */
export function LoopPasses({ runId, entry, pass, onPass, now }: LoopPassesProps) {
  const [status, setStatus] = useState<StepStatus>();
  const scroller = useRef<HTMLDivElement>(null);
  const filters = useMemo(
    () => ({ ...(entry.depth > 0 && { nodeId: entry.id }), ...(status && { status }) }),
    [entry.depth, entry.id, status],
  );
  const query = useInfiniteQuery({
    queryKey: runKey.steps(runId, filters),
    queryFn: ({ pageParam, signal }) =>
      result(
        api.GET('/v1/runs/{id}/steps', {
          params: {
            path: { id: runId },
            query: { ...filters, ...(pageParam !== undefined && { cursor: pageParam }), limit: 200 },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = useMemo(
    () => query.data?.pages.flatMap((page) => page.items).filter(({ iteration }) => iteration !== '') ?? [],
    [query.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= items.length - 40) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, items.length]);
  const chosen = items.find((step) => keyOf(step) === pass);

  return (
    <div className="grid gap-3">
      <div className="flex items-center justify-between gap-3">
        <h3 className="text-mini text-soft">
          Passes{' '}
          <span className="tabular-nums">
            {items.length.toLocaleString()}
            {hasNextPage && '+'}
          </span>
        </h3>
        <Select
          aria-label="State of passes"
          className="h-7 w-40 text-mini"
          value={status ?? ''}
          onChange={({ target }) => setStatus(offered.find((one) => one === target.value))}
        >
          <option value="">All states</option>
          {offered.map((one) => (
            <option key={one} value={one}>
              {statusLooks[one].label}
            </option>
          ))}
        </Select>
      </div>
      {query.isPending && <Skeleton className="h-24" />}
      {!query.isPending && items.length === 0 && <p className="text-soft">No pass to show.</p>}
      {items.length > 0 && (
        <div ref={scroller} className="max-h-72 overflow-y-auto rounded-lg border border-line">
          <div
            role="listbox"
            aria-label="Passes"
            className="relative"
            style={{ height: virtualizer.getTotalSize() }}
          >
            {shown.map(({ index, start }) => {
              const step = items[index];
              if (!step) return null;
              const key = keyOf(step);
              const took = durationMs(step.startedAt, step.finishedAt, now);
              return (
                <OptionRow
                  key={key}
                  isChosen={key === pass}
                  onChoose={() => onPass(key === pass ? undefined : key)}
                  className="absolute inset-x-0 top-0 grid grid-cols-[4rem_minmax(0,1fr)_7rem_4rem] items-center gap-3 border-line border-b px-3"
                  style={{ height: rowHeight, transform: `translateY(${start}px)` }}
                >
                  <span className="text-soft tabular-nums">
                    <span className="sr-only">Pass </span>
                    {numberOf(step)}
                  </span>
                  <span className="truncate">{step.error?.message ?? step.nodeId}</span>
                  <StatusMark status={step.status} />
                  <span className="text-right text-mini text-soft tabular-nums">
                    {took === undefined ? '' : durationText(took)}
                  </span>
                </OptionRow>
              );
            })}
          </div>
        </div>
      )}
      {chosen && (
        <div className="grid gap-4 border-line border-l-2 pl-4">
          <h4 className="font-medium">
            Pass {numberOf(chosen)}, {chosen.nodeId}
          </h4>
          <StepAttempts runId={runId} step={chosen} />
          <StepValues step={chosen} id={chosen.nodeId} />
        </div>
      )}
    </div>
  );
}

function keyOf({ iteration, nodeId }: RunStep): string {
  return `${iteration}:${nodeId}`;
}

/** Passes count from 1 for people: `4`, and `4.1` in a loop within. */
function numberOf({ iteration }: RunStep): string {
  return iteration
    .split('/')
    .map((part) => Number(part) + 1)
    .join('.');
}
