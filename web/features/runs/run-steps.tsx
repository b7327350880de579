import { Zap } from 'lucide-react';
import { classNames } from '../../components/ui/class-names.js';
import { OptionRow } from '../resources/option-row.js';
import { durationMs, durationText } from './durations.js';
import { type Run, type RunStep, statusLooks } from './run.js';
import { StatusMark } from './status-mark.js';
import type { StepEntry } from './steps-of-run.js';

export interface RunStepsProps {
  run: Run;
  entries: readonly StepEntry[];
  now: number;
  /** Id of the node that is looked at, or `trigger`. */
  chosen: string;
  onChoose(id: string): void;
}

/** What starts the run and its steps in the order of the graph, each with when it was done. */
export function RunSteps({ run, entries, now, chosen, onChoose }: RunStepsProps) {
  const span = spanOf(run, now);
  return (
    <div className="min-h-0 border-line lg:overflow-y-auto lg:border-r">
      <div role="listbox" aria-label="Steps" className="py-2">
        <StepRow
          isChosen={chosen === 'trigger'}
          onChoose={() => onChoose('trigger')}
          isFaded={false}
          depth={0}
          label="trigger"
          type={sourceOf(run)}
          mark={<Zap aria-hidden className="size-4 text-soft" />}
        />
        {entries.map(({ id, type, step, depth }) => {
          const isWithin = depth > 0;
          return (
            <StepRow
              key={id}
              isChosen={chosen === id}
              onChoose={() => onChoose(id)}
              isFaded={!isWithin && (!step || step.status === 'skipped')}
              depth={depth}
              label={id}
              type={isWithin ? `${type} · in each pass` : type}
              mark={
                step ? (
                  <StatusMark status={step.status} isShort />
                ) : (
                  <span className="grid size-4 place-items-center text-soft">
                    <span aria-hidden>·</span>
                  </span>
                )
              }
              bar={step && <Bar step={step} span={span} now={now} />}
              {...(step?.attempts !== undefined &&
                step.attempts > 1 && { note: `${step.attempts} attempts` })}
            />
          );
        })}
      </div>
    </div>
  );
}

interface StepRowProps {
  isChosen: boolean;
  onChoose(): void;
  isFaded: boolean;
  depth: number;
  label: string;
  type: string;
  mark: React.ReactNode;
  note?: string;
  bar?: React.ReactNode;
}

function StepRow({ isChosen, onChoose, isFaded, depth, label, type, mark, note, bar }: StepRowProps) {
  return (
    <OptionRow
      isChosen={isChosen}
      onChoose={onChoose}
      className="grid min-h-11 grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-3 px-4 py-1 md:px-6"
    >
      <span className="flex min-w-0 items-center gap-2.5" style={{ paddingLeft: depth * 18 }}>
        {mark}
        <span className="min-w-0">
          <span className={classNames('block truncate font-medium', isFaded && 'font-normal text-soft')}>
            {label}
          </span>
          <span className="block truncate text-mini text-soft">
            {type}
            {note && ` · ${note}`}
          </span>
        </span>
      </span>
      {bar}
    </OptionRow>
  );
}

interface Span {
  from: number;
  length: number;
}

function Bar({ step, span, now }: { step: RunStep; span: Span; now: number }) {
  const took = durationMs(step.startedAt, step.finishedAt, now);
  if (step.startedAt === null || took === undefined || step.status === 'skipped') {
    return <span className="truncate text-mini text-soft">{statusLooks[step.status].label}</span>;
  }
  const left = ((Date.parse(step.startedAt) - span.from) / span.length) * 100;
  const width = Math.max((took / span.length) * 100, 0.8);
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="relative h-2 flex-1 overflow-hidden rounded-full bg-hover">
        <span
          className={classNames('absolute inset-y-0 rounded-full', statusLooks[step.status].bar)}
          style={{ left: `${Math.min(left, 99)}%`, width: `${Math.min(width, 100 - Math.min(left, 99))}%` }}
        />
      </span>
      <span className="w-16 shrink-0 truncate text-right text-mini text-soft tabular-nums">
        {durationText(took)}
      </span>
    </span>
  );
}

function spanOf({ startedAt, createdAt, finishedAt, steps }: Run, now: number): Span {
  const moments = steps.flatMap((step) => [step.startedAt, step.finishedAt]).filter((one) => one !== null);
  const from = Math.min(Date.parse(startedAt ?? createdAt), ...moments.map(Date.parse));
  const to = finishedAt === null ? now : Math.max(Date.parse(finishedAt), ...moments.map(Date.parse));
  return { from, length: Math.max(to - from, 1) };
}

function sourceOf({ sourceKind }: Run): string {
  const names = { delivery: 'came in', event: 'an event', manual: 'started by hand', subflow: 'a subflow' };
  return names[sourceKind];
}
