import { Pause, Play, RotateCcw, Trash2 } from 'lucide-react';
import { Button } from '../../components/ui/button.js';
import { useRights } from '../session/use-rights.js';
import type { Automation } from './automation.js';
import { type AutomationVerb, useAutomationChanges } from './use-automation-changes.js';

export interface BulkBarProps {
  selected: readonly Automation[];
  /** Those that were deleted are looked at. */
  areDeleted: boolean;
  /** Chooses everything that search and filters leave; undefined where all of it is chosen. */
  onChooseAll: (() => void) | undefined;
  isChoosing: boolean;
  onDone(): void;
}

/** What can be done with several automations at once. */
export function BulkBar({ selected, areDeleted, onChooseAll, isChoosing, onDone }: BulkBarProps) {
  const { may } = useRights();
  const change = useAutomationChanges();
  const act = (verb: AutomationVerb, targets: readonly Automation[]) => {
    change({ verb, targets });
    onDone();
  };
  const active = selected.filter(({ status }) => status === 'active');
  const paused = selected.filter(({ status }) => status === 'paused');
  return (
    <div
      role="toolbar"
      aria-label="With those that are chosen"
      className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b bg-accent-soft px-4 py-1.5 md:px-6"
    >
      <span role="status" className="font-medium">
        {selected.length} chosen
      </span>
      {onChooseAll && (
        <Button size="small" look="ghost" disabled={isChoosing} onClick={onChooseAll}>
          {isChoosing ? 'Choosing …' : 'Choose all that match'}
        </Button>
      )}
      {areDeleted
        ? may('automations:delete') && (
            <Button size="small" onClick={() => act('restore', selected)}>
              <RotateCcw aria-hidden />
              Restore
            </Button>
          )
        : may('automations:publish') && (
            <>
              <Button size="small" disabled={paused.length === 0} onClick={() => act('resume', paused)}>
                <Play aria-hidden />
                Enable
              </Button>
              <Button size="small" disabled={active.length === 0} onClick={() => act('pause', active)}>
                <Pause aria-hidden />
                Disable
              </Button>
            </>
          )}
      {!areDeleted && may('automations:delete') && (
        <Button size="small" look="danger" onClick={() => act('delete', selected)}>
          <Trash2 aria-hidden />
          Delete
        </Button>
      )}
      <Button size="small" look="ghost" className="ml-auto" onClick={onDone}>
        Choose none
      </Button>
    </div>
  );
}
