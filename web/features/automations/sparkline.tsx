import { classNames } from '../../components/ui/class-names.js';
import { statusLooks } from '../runs/run.js';
import type { RecentRun } from './use-activity.js';

const slots = 20;

/** The last runs, oldest on the left, one bar each, and which part of those that ended succeeded. */
export function Sparkline({ runs }: { runs: readonly RecentRun[] }) {
  const rate = successRate(runs);
  if (runs.length === 0) return <span className="text-faint">Never ran</span>;
  const text = `${runs.length} runs${rate === undefined ? '' : `, ${rate} % succeeded`}`;
  return (
    <span className="flex items-center gap-2.5" title={text}>
      <span aria-hidden className="flex h-4 items-end gap-px">
        {Array.from({ length: slots - runs.length }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: empty slots are all the same
          <span key={index} className="h-1 w-1 rounded-sm bg-hover" />
        ))}
        {runs.toReversed().map(({ id, status }) => (
          <span
            key={id}
            className={classNames(
              'w-1 rounded-sm',
              statusLooks[status].bar,
              status === 'failed' ? 'h-4' : status === 'succeeded' ? 'h-2.5' : 'h-1.5',
            )}
          />
        ))}
      </span>
      <span className="text-mini text-soft tabular-nums">
        {rate === undefined ? '–' : `${rate} %`}
        <span className="sr-only">{` of ${runs.length} runs succeeded`}</span>
      </span>
    </span>
  );
}

/** Whole percent of those that ended by themselves; undefined while none has. */
export function successRate(runs: readonly Pick<RecentRun, 'status'>[]): number | undefined {
  const ended = runs.filter(({ status }) => status === 'succeeded' || status === 'failed');
  if (ended.length === 0) return undefined;
  return Math.round((100 * ended.filter(({ status }) => status === 'succeeded').length) / ended.length);
}
