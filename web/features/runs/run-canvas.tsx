import { useMemo } from 'react';
import { Draft } from '#core/automation/draft/draft.js';
import { AutomationCanvas } from '../canvas/automation-canvas.js';
import type { NodeState } from '../canvas/node-state.js';
import { durationMs, durationText } from './durations.js';
import type { Run } from './run.js';
import type { StepEntry } from './steps-of-run.js';

/** The graph that a run follows, with how far it has come; what was not taken is faded. */
export function RunCanvas({
  run,
  entries,
  chosen,
  onChoose,
}: {
  run: Run;
  entries: readonly StepEntry[];
  chosen: string;
  onChoose(id: string): void;
}) {
  const definition = useMemo(() => Draft.safeParse(run.definition).data, [run.definition]);
  const states = useMemo(() => statesOf(run, entries), [run, entries]);
  if (!definition) return <p className="p-6 text-soft">This version can't be drawn.</p>;
  return (
    <div className="h-[60vh] min-h-0 border-line bg-side lg:h-auto lg:border-r">
      <AutomationCanvas
        definition={definition}
        states={states}
        selected={[chosen]}
        onSelect={(ids) => {
          const next = ids.find((id) => id !== chosen);
          if (next !== undefined) onChoose(next);
        }}
      />
    </div>
  );
}

function statesOf({ status }: Run, entries: readonly StepEntry[]): Record<string, NodeState> {
  const states: Record<string, NodeState> = { trigger: { status: 'succeeded' } };
  for (const { id, step, depth } of entries) {
    if (step) {
      const took = durationMs(step.startedAt, step.finishedAt, Date.now());
      const isDone = step.status === 'succeeded' || step.status === 'failed';
      states[id] = {
        status: step.status,
        ...(isDone && took !== undefined && { detail: durationText(took) }),
      };
    } else if (depth > 0) {
      states[id] = { status: status === 'running' ? 'running' : 'succeeded', detail: 'in each pass' };
    }
  }
  return states;
}
