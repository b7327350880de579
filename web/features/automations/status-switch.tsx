import { Switch } from 'radix-ui';
import { useRights } from '../session/use-rights.js';
import { type Automation, automationLooks } from './automation.js';
import { useAutomationChanges } from './use-automation-changes.js';

/** Switches an automation on and off; a draft has to be published first. The state stands beside it in words. */
export function StatusSwitch({ automation }: { automation: Automation }) {
  const { may } = useRights();
  const change = useAutomationChanges();
  const { id, name, status } = automation;
  const { label, className } = automationLooks[status];
  const isActive = status === 'active';
  return (
    <span className="flex items-center gap-2">
      {status !== 'draft' && (
        <Switch.Root
          checked={isActive}
          disabled={!may('automations:publish')}
          aria-label={`${name} is active`}
          onClick={(event) => event.stopPropagation()}
          onCheckedChange={(isOn) => change({ verb: isOn ? 'resume' : 'pause', targets: [{ id, name }] })}
          className="h-4.5 w-8 shrink-0 rounded-full bg-faint p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:bg-success"
        >
          <Switch.Thumb className="block size-3.5 rounded-full bg-ground transition-transform data-[state=checked]:translate-x-3.5" />
        </Switch.Root>
      )}
      <span className={className}>{label}</span>
    </span>
  );
}
