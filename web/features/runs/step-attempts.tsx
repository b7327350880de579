import { useQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import { wholeMomentText } from '../resources/moments.js';
import { durationMs, durationText } from './durations.js';
import { type RunStep, runKey } from './run.js';
import { StatusMark } from './status-mark.js';

/** The attempts of a step one by one: when each was made, how long it took, and why it failed. Nothing where there was one. */
export function StepAttempts({ runId, step }: { runId: string; step: RunStep }) {
  const { nodeId, iteration, attempts } = step;
  const { data } = useQuery({
    queryKey: runKey.attempts(runId, { nodeId, iteration }),
    queryFn: ({ signal }) =>
      result(
        api.GET('/v1/runs/{id}/attempts', {
          params: { path: { id: runId }, query: { nodeId, iteration } },
          signal,
        }),
      ),
    enabled: step.status !== 'skipped' && step.startedAt !== null,
    meta: { topics: ['run'] },
  });
  const items = data?.items ?? [];
  // One that failed is told by the step itself.
  if (items.length === 0 || (items.length === 1 && step.status === 'failed')) return null;
  const hasSeveralRuns = new Set(items.map(({ runAttempt }) => runAttempt)).size > 1;
  return (
    <section aria-label="Attempts" className="grid gap-2">
      <h3 className="text-mini text-soft">Attempts</h3>
      <ol className="overflow-hidden rounded-lg border border-line">
        {items.map((item) => {
          const took = durationMs(item.startedAt, item.finishedAt, 0);
          return (
            <li
              key={`${item.runAttempt} ${item.attempt}`}
              className="grid gap-1 border-line border-b px-3 py-2 last:border-b-0"
            >
              <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
                <span className="w-16 tabular-nums">
                  {hasSeveralRuns ? `${item.runAttempt}.${item.attempt}` : item.attempt}
                </span>
                <StatusMark status={item.status} />
                <time dateTime={item.startedAt} className="text-soft">
                  {wholeMomentText(item.startedAt)}
                </time>
                {took !== undefined && <span className="text-soft tabular-nums">{durationText(took)}</span>}
              </div>
              {item.error && (
                <p className="text-mini">
                  <code className="text-danger">{item.error.code}</code> {item.error.message}
                </p>
              )}
            </li>
          );
        })}
        {step.status === 'running' && attempts === items.filter(isFailed).length && (
          <li className="px-3 py-2 text-soft">The next one follows after a pause.</li>
        )}
      </ol>
    </section>
  );
}

function isFailed({ status }: { status: string }): boolean {
  return status === 'failed';
}
