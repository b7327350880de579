import { X } from 'lucide-react';
import { Button } from '../../components/ui/button.js';
import { stateLooks } from '../canvas/node-state.js';
import type { Run } from '../runs/run.js';

/** How far the last test has come, and how to try a part again. */
export function TestNote({
  run,
  step,
  onTest,
  onForget,
}: {
  run: Run;
  /** The chosen step, which can be tried by itself. */
  step: string | undefined;
  onTest(mode: { mode: 'step' | 'from'; step: string }): void;
  onForget(): void;
}) {
  const look = stateLooks[run.status];
  return (
    <div role="status" className="flex items-center gap-2 border-line border-b bg-side px-4 py-1.5 md:px-6">
      <span className={look.look}>Test: {look.label}</span>
      <span className="mr-auto truncate text-soft">{run.error?.message}</span>
      {step !== undefined && (
        <>
          <Button size="small" onClick={() => onTest({ mode: 'step', step })}>
            Test this step
          </Button>
          <Button size="small" onClick={() => onTest({ mode: 'from', step })}>
            Test from here
          </Button>
        </>
      )}
      <Button look="ghost" size="icon" aria-label="Hide the test" onClick={onForget}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
