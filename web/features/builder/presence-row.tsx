import { Avatar } from '../../components/ui/avatar.js';
import { Tooltip } from '../../components/ui/tooltip.js';
import type { Onlooker } from '../canvas/canvas-props.js';

const most = 4;

/** Who else has the draft open. */
export function PresenceRow({ people }: { people: readonly Onlooker[] }) {
  if (people.length === 0) return null;
  const names = people.map(({ name }) => name).join(', ');
  return (
    <Tooltip text={`Here too: ${names}`}>
      <span role="img" aria-label={`Here too: ${names}`} className="flex shrink-0 items-center -space-x-1">
        {people.slice(0, most).map(({ userId, name }) => (
          <span key={userId} className="flex rounded-full ring-2 ring-ground">
            <Avatar id={userId} name={name} />
          </span>
        ))}
        {people.length > most && <span className="pl-2 text-mini text-soft">+{people.length - most}</span>}
      </span>
    </Tooltip>
  );
}
