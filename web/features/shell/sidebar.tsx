import { Link, useLocation } from '@tanstack/react-router';
import { ArrowLeft, Building2, Search, Settings, SquarePen } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { Session } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Tooltip } from '../../components/ui/tooltip.js';
import { useRights } from '../session/use-rights.js';
import { OrganizationMenu } from './organization-menu.js';
import { groupTitles, isOpenTo, mainGroups, type Screen, screens, sections } from './screens.js';
import { UnreadBadge } from './unread.js';

export interface SidebarProps {
  session: Session;
  onSearch(): void;
  onCreate(): void;
  /** Called when somebody has gone elsewhere. */
  onLeave(): void;
}

/** The ways to all places that are open to the person; settings and the platform have their own. */
export function Sidebar({ session, onSearch, onCreate, onLeave }: SidebarProps) {
  const rights = useRights();
  const { pathname } = useLocation();
  const open = screens.filter((screen) => isOpenTo(screen, rights));
  const mayCreate = rights.may('tasks:create') && rights.isOn('work');
  const section = sections.find(({ start }) => pathname.startsWith(`${start}/`));
  const groups: readonly Screen['group'][] = section?.groups ?? mainGroups;
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
      <nav aria-label={section?.title ?? 'Main'} className="min-h-0 flex-1 overflow-y-auto">
        {section && !(rights.isOnPlatform && section.start === '/platform') && (
          <Place to="/" icon={<ArrowLeft aria-hidden className="size-4" />} onLeave={onLeave}>
            Back to the app
          </Place>
        )}
        {groups.map((name) => {
          const places = open.filter(({ group }) => group === name);
          if (places.length === 0) return null;
          return (
            <Fragment key={name}>
              {groupTitles[name] && (
                <h2 className="px-2 pt-3 pb-1 text-mini text-soft">{groupTitles[name]}</h2>
              )}
              <ul className="grid gap-px">
                {places.map(({ to, title, icon: Icon }) => (
                  <li key={to}>
                    <Place to={to} icon={<Icon aria-hidden className="size-4" />} onLeave={onLeave}>
                      {title}
                      {to === '/notifications' && <UnreadBadge />}
                    </Place>
                  </li>
                ))}
              </ul>
            </Fragment>
          );
        })}
      </nav>
      {section?.start !== '/settings' && (
        <nav aria-label="More" className="grid gap-px">
          {rights.isOnPlatform && !section && (
            <Place
              to="/platform/organizations"
              icon={<Building2 aria-hidden className="size-4" />}
              onLeave={onLeave}
            >
              Platform
            </Place>
          )}
          <Place to="/settings/profile" icon={<Settings aria-hidden className="size-4" />} onLeave={onLeave}>
            Settings
          </Place>
        </nav>
      )}
    </div>
  );
}

function Place({
  to,
  icon,
  onLeave,
  children,
}: {
  to: string;
  icon: ReactNode;
  onLeave(): void;
  children: ReactNode;
}) {
  return (
    <Link
      to={to}
      onClick={onLeave}
      activeOptions={{ includeSearch: false, exact: to === '/' }}
      className="flex h-7.5 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-hover hover:text-text aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-text"
    >
      {icon}
      {children}
    </Link>
  );
}
