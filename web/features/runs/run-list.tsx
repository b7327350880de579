import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { walkRows } from '../resources/walk-rows.js';
import { durationMs, durationText } from './durations.js';
import { isOver, type ListedRun } from './run.js';
import { StatusMark } from './status-mark.js';
import { useNow } from './use-now.js';

const rowHeight = 44;
const sourceNames: Readonly<Record<ListedRun['sourceKind'], string>> = {
  delivery: 'Came in',
  event: 'Event',
  manual: 'By hand',
  subflow: 'Subflow',
};
const line =
  'grid grid-cols-[7rem_minmax(0,1fr)_5rem] items-center gap-4 px-4 md:grid-cols-[8rem_minmax(0,2fr)_minmax(0,3fr)_6rem_6rem_7rem] md:px-6';

export interface RunListProps {
  runs: readonly ListedRun[];
  /** Called when the last rows come into sight. */
  onEnd(): void;
}

/** Runs below one another; only those in sight are on the page. Arrows move through them, Enter opens one. */
export function RunList({ runs, onEnd }: RunListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const now = useNow(runs.some((run) => !isOver(run)));
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => runs[index]?.id ?? index,
    overscan: 12,
  });
  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (runs.length > 0 && lastShown >= runs.length - 20) onEnd();
  }, [runs.length, lastShown, onEnd]);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <div role="table" aria-label="Runs" aria-rowcount={runs.length + 1}>
        <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-ground">
          <div role="row" className={classNames(line, 'h-9 text-mini text-soft')}>
            <span role="columnheader">State</span>
            <span role="columnheader">Automation</span>
            <span role="columnheader" className="hidden md:block">
              What happened
            </span>
            <span role="columnheader" className="hidden md:block">
              Start
            </span>
            <span role="columnheader" className="hidden md:block">
              Took
            </span>
            <span role="columnheader">Made</span>
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const run = runs[index];
            if (!run) return null;
            const open = () => void navigate({ to: '/runs/$runId', params: { runId: run.id } });
            const took = durationMs(run.startedAt, run.finishedAt, now);
            return (
              <div
                role="row"
                key={key}
                aria-rowindex={index + 2}
                tabIndex={0}
                onClick={open}
                onKeyDown={(event) => walkRows(event, open)}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
                className={classNames(
                  line,
                  'absolute inset-x-0 top-0 border-line border-b -outline-offset-2 hover:bg-hover focus-visible:bg-hover',
                )}
              >
                <span role="cell">
                  <StatusMark status={run.status} />
                </span>
                <span role="cell" className="truncate font-medium">
                  {run.automationName}
                </span>
                <span role="cell" className="hidden truncate text-soft md:block">
                  {summaryOf(run)}
                </span>
                <span role="cell" className="hidden truncate text-soft md:block">
                  {run.isTest ? 'Test' : sourceNames[run.sourceKind]}
                </span>
                <span role="cell" className="hidden text-soft tabular-nums md:block">
                  {took === undefined ? '–' : durationText(took)}
                </span>
                <span role="cell" className="truncate text-soft">
                  <time dateTime={run.createdAt} title={wholeMomentText(run.createdAt)}>
                    {momentText(run.createdAt)}
                  </time>
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const holds: Readonly<Record<NonNullable<ListedRun['waitingFor']>, string>> = {
  dispatcher: 'About to begin',
  debounce: 'Waits whether more comes in',
  throttle: 'Waits: as many as may have started lately',
  concurrency: 'Waits for another run of its line',
  quota: 'Waits: the organization has as many runs as it may',
  paused: 'Waits: the automation is paused',
};

function summaryOf({ status, error, waitingFor, attempt }: ListedRun): string {
  if (error && status !== 'succeeded') return error.message;
  if (waitingFor) return holds[waitingFor];
  if (status === 'waiting') return 'Waits for a person, a moment or an event';
  return attempt > 1 ? `Attempt ${attempt}` : '';
}
