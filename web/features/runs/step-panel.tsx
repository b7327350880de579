import { wholeMomentText } from '../resources/moments.js';
import { durationMs, durationText } from './durations.js';
import { LoopPasses } from './loop-passes.js';
import type { Run, RunStep } from './run.js';
import { StatusMark } from './status-mark.js';
import { StepAttempts } from './step-attempts.js';
import { StepValues, Value } from './step-values.js';
import type { StepEntry } from './steps-of-run.js';

export interface StepPanelProps {
  run: Run;
  /** Undefined: the trigger. */
  entry: StepEntry | undefined;
  /** The pass of a loop that is looked at, `3/0`. */
  pass: string | undefined;
  onPass(pass: string | undefined): void;
  now: number;
}

/** What one step got and gave, how long it took, and what went wrong. */
export function StepPanel({ run, entry, pass, onPass, now }: StepPanelProps) {
  return (
    <section aria-label="Details" className="min-h-0 lg:overflow-y-auto">
      {entry ? (
        <StepDetails key={entry.id} run={run} entry={entry} pass={pass} onPass={onPass} now={now} />
      ) : (
        <div className="grid gap-5 p-4 md:p-6">
          <h2 className="font-semibold text-[15px]">trigger</h2>
          <Value title="What started it" value={{ inline: run.trigger }} path="trigger" />
          {run.result && <Value title="Result of the run" value={run.result} path="" />}
          {run.answer && <Value title="Answer" value={{ inline: run.answer }} path="" />}
        </div>
      )}
    </section>
  );
}

function StepDetails({ run, entry, pass, onPass, now }: StepPanelProps & { entry: StepEntry }) {
  const { id, type, step, depth } = entry;
  const isLoop = type === 'loop' || type === 'while';
  return (
    <div className="grid gap-5 p-4 md:p-6">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="font-semibold text-[15px]">{id}</h2>
        <span className="text-soft">{type}</span>
        {step && <StatusMark status={step.status} />}
      </header>
      {step && <StepFacts step={step} now={now} />}
      {step && <StepAttempts runId={run.id} step={step} />}
      {!step && depth === 0 && (
        <p className="text-soft">
          {run.finishedAt === null ? 'The run has not come here yet.' : 'The run did not come here.'}
        </p>
      )}
      {(isLoop || depth > 0) && (
        <LoopPasses runId={run.id} entry={entry} pass={pass} onPass={onPass} now={now} />
      )}
      {step && <StepValues step={step} id={id} />}
    </div>
  );
}

function StepFacts({ step, now }: { step: RunStep; now: number }) {
  const took = durationMs(step.startedAt, step.finishedAt, now);
  const facts = [
    step.startedAt !== null && ['Began', wholeMomentText(step.startedAt)],
    took !== undefined && step.status !== 'skipped' && ['Took', durationText(took)],
    step.attempts > 1 && ['Attempts', String(step.attempts)],
    step.pinned && ['Pinned', 'Not performed: its output was given'],
  ].filter((fact): fact is [string, string] => Array.isArray(fact));
  if (facts.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-soft">{name}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
