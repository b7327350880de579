import { Link } from '@tanstack/react-router';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { wholeMomentText } from '../resources/moments.js';
import { usePeople } from '../resources/use-people.js';
import { isOver, type Run, statusLooks } from './run.js';
import { useExplanation } from './use-run.js';

/** Why the run is where it is: what it waits for, until when and who can let it go on; or why it failed. */
export function RunExplanation({ run, onShowStep }: { run: Run; onShowStep(id: string): void }) {
  const people = usePeople();
  const { data } = useExplanation(run);
  if (!data || data.code === 'running' || run.status === 'succeeded' || run.status === 'cancelled')
    return null;
  const { message, node, until, users, roles, connectionId, error, runs } = data;
  const { icon: Icon, className } = statusLooks[run.status];
  const names = users.map((id) => people.find((person) => person.id === id)?.name ?? 'someone else');
  return (
    <section
      aria-label={isOver(run) ? 'Why it failed' : 'Why it waits'}
      className="mx-4 mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-side px-3.5 py-2.5 md:mx-6"
    >
      <Icon aria-hidden className={classNames('size-4 shrink-0', className)} />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p>{message}</p>
        <p className="text-mini text-soft empty:hidden">
          {[
            until !== null && `Until ${wholeMomentText(until)}`,
            [...names, ...roles].length > 0 && `Who can decide: ${[...names, ...roles].join(', ')}`,
            !isOver(run) && error && `Last attempt: ${error.message}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {runs.slice(0, 3).map((id) => (
        <Button asChild key={id} size="small">
          <Link to="/runs/$runId" params={{ runId: id }}>
            Run …{id.slice(-6)}
          </Link>
        </Button>
      ))}
      {connectionId !== null && (
        <Button asChild size="small">
          <Link to="/connections" search={{ open: connectionId }}>
            Renew the credentials
          </Link>
        </Button>
      )}
      {node !== null && (
        <Button size="small" onClick={() => onShowStep(node)}>
          Show {node}
        </Button>
      )}
    </section>
  );
}
