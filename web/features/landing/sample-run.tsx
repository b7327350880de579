import { Play } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Draft } from '#core/automation/draft/draft.js';
import { Button } from '../../components/ui/button.js';
import { TooltipProvider } from '../../components/ui/tooltip.js';
import { AutomationCanvas } from '../canvas/automation-canvas.js';
import type { NodeState } from '../canvas/node-state.js';
import { durationText } from '../runs/durations.js';
import { ValueTree } from '../runs/value-tree.js';
// What a real run has told of itself, written by `npm run record:sample-run`.
import recorded from './sample-run.json';

/** So long the run is shown, whatever it took. */
const shownMs = 5_000;
/** Between two looks. */
const lookMs = 50;

/** A run that was recorded, played on the canvas of the app: slower than it was, else nobody would see it. */
export function SampleRun() {
  const definition = useMemo(
    () => Draft.parse({ name: recorded.automationName, ...recorded.definition }),
    [],
  );
  const { at, play, isOver } = usePlayed();
  const [chosen, setChosen] = useState('task');
  const states = useMemo(() => statesAt(at), [at]);
  const step = recorded.steps.find(({ nodeId }) => nodeId === chosen);
  const slower = Math.round(shownMs / recorded.tookMs);
  return (
    <div className="grid overflow-hidden rounded-xl border border-line md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="h-96 bg-side md:h-120">
        <TooltipProvider>
          <AutomationCanvas
            definition={definition}
            states={states}
            selected={[chosen]}
            onSelect={(ids) => {
              const next = ids.find((id) => id !== chosen);
              if (next !== undefined) setChosen(next);
            }}
          />
        </TooltipProvider>
      </div>
      <div className="grid content-start gap-4 border-line p-5 max-md:border-t md:border-l">
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={play} disabled={!isOver}>
            <Play aria-hidden />
            Play again
          </Button>
          <p role="status" className="text-soft">
            {isOver
              ? `Succeeded in ${durationText(recorded.tookMs)}`
              : `Running, shown ${slower} times slower`}
          </p>
        </div>
        <div className="max-h-80 min-w-0 overflow-y-auto">
          {step && states[chosen]?.status === 'succeeded' && step.output !== null ? (
            <ValueTree value={step.output} path={`steps.${chosen}.output`} label={`What ${chosen} gave`} />
          ) : (
            <p className="text-soft">
              {step ? 'Choose a step that has run to see what it gave.' : 'GitHub has told of a new issue.'}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

/** Where the playing stands, in milliseconds of the run. Who wants no motion sees the end at once. */
function usePlayed() {
  const [at, setAt] = useState(() => (wantsNoMotion() ? recorded.tookMs : 0));
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round === 0 && wantsNoMotion()) return;
    const began = performance.now();
    const timer = setInterval(() => {
      const share = Math.min((performance.now() - began) / shownMs, 1);
      setAt(share * recorded.tookMs);
      if (share === 1) clearInterval(timer);
    }, lookMs);
    return () => clearInterval(timer);
  }, [round]);
  return { at, isOver: at >= recorded.tookMs, play: () => setRound((last) => last + 1) };
}

function wantsNoMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** How far each node had come then. */
function statesAt(at: number): Record<string, NodeState> {
  const states: Record<string, NodeState> = { trigger: { status: 'succeeded' } };
  for (const { nodeId, status, startedMs, finishedMs } of recorded.steps) {
    if (startedMs === null || at < startedMs) {
      if (at >= recorded.tookMs) states[nodeId] = { status: 'skipped' };
      continue;
    }
    const isDone = finishedMs !== null && at >= finishedMs;
    if (status === 'skipped') {
      if (isDone) states[nodeId] = { status: 'skipped' };
    } else if (isDone) {
      states[nodeId] = { status: 'succeeded', detail: durationText(finishedMs - startedMs) };
    } else states[nodeId] = { status: 'running' };
  }
  return states;
}
