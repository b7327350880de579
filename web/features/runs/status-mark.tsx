import { classNames } from '../../components/ui/class-names.js';
import { type StepStatus, statusLooks } from './run.js';

/** The state of a run or step, by icon, word and colour. */
export function StatusMark({ status, isShort = false }: { status: StepStatus; isShort?: boolean }) {
  const { label, icon: Icon, className } = statusLooks[status];
  return (
    <span className={classNames('inline-flex min-w-0 items-center gap-1.5', className)}>
      <Icon
        aria-hidden
        className={classNames(
          'size-4 shrink-0',
          status === 'running' && 'animate-spin motion-reduce:animate-none',
        )}
      />
      <span className={isShort ? 'sr-only' : 'truncate'}>{label}</span>
    </span>
  );
}
