import { Link } from '@tanstack/react-router';
import { Search, SquarePen } from 'lucide-react';
import { Fragment } from 'react';
import type { Session } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Tooltip } from '../../components/ui/tooltip.js';
import { useRights } from '../session/use-rights.js';
import { OrganizationMenu } from './organization-menu.js';
import { isOpenTo, type Screen, screens } from './screens.js';

const groups = [
  { name: 'work', title: 'Work' },
  { name: 'automations', title: 'Automations' },
  { name: 'settings', title: 'Settings' },
] as const;

export interface SidebarProps {
  session: Session;
  onSearch(): void;
  onCreate(): void;
  /** Called when somebody has gone elsewhere. */
  onLeave(): void;
}

/** The ways to all places that are open to the person. */
export function Sidebar({ session, onSearch, onCreate, onLeave }: SidebarProps) {
  const rights = useRights();
  const open = screens.filter((screen) => isOpenTo(screen, rights));
  const mayCreate = rights.may('tasks:create') && rights.isOn('work');
  return (
    <div className="flex h-full flex-col gap-3 p-2.5">
      <div className="flex items-center gap-1">
        <OrganizationMenu session={session} />
        <Tooltip text="Search and go" keys="mod+k">
          <Button look="ghost" size="icon" aria-label="Search and go" onClick={onSearch}>
            <Search aria-hidden />
          </Button>
        </Tooltip>
        {mayCreate && (
          <Tooltip text="New task" keys="c">
            <Button size="icon" aria-label="New task" onClick={onCreate}>
              <SquarePen aria-hidden />
            </Button>
          </Tooltip>
        )}
      </div>
      <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto">
        {groups.map(({ name, title }) => {
          const places = open.filter(({ group }) => group === name);
          if (places.length === 0) return null;
          return (
            <Fragment key={name}>
              <h2 className="px-2 pt-3 pb-1 text-mini text-soft">{title}</h2>
              <ul className="grid gap-px">
                {places.map((screen) => (
                  <li key={screen.to}>
                    <Place screen={screen} onLeave={onLeave} />
                  </li>
                ))}
              </ul>
            </Fragment>
          );
        })}
      </nav>
    </div>
  );
}

function Place({ screen: { to, title, icon: Icon }, onLeave }: { screen: Screen; onLeave(): void }) {
  return (
    <Link
      to={to}
      onClick={onLeave}
      activeOptions={{ includeSearch: false }}
      className="flex h-7.5 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-hover hover:text-text aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-text"
    >
      <Icon aria-hidden className="size-4" />
      {title}
    </Link>
  );
}
