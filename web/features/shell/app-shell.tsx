import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { Session } from '../../api/session.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { TooltipProvider } from '../../components/ui/tooltip.js';
import { useRights } from '../session/use-rights.js';
import { OfflineBanner } from './offline-banner.js';
import { ForbiddenScreen, NotFoundScreen } from './problem-screen.js';
import { isOpenTo, screens } from './screens.js';
import { Sidebar } from './sidebar.js';
import { SidebarContext } from './sidebar-state.js';
import { useLive } from './use-live.js';
import { useShortcuts } from './use-shortcuts.js';

const loadPalette = () => import('./command-palette.js');
const CommandPalette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }));
const KeyboardHelp = lazy(async () => ({ default: (await import('./keyboard-help.js')).KeyboardHelp }));
const CreateTask = lazy(async () => ({ default: (await import('../work/create-task.js')).CreateTask }));

type Overlay = 'palette' | 'keys' | 'create-task';

/** What is around every screen of those who are signed in. */
export function AppShell({ session }: { session: Session }) {
  const rights = useRights();
  const navigate = useNavigate();
  const [overlay, setOverlay] = useState<Overlay>();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const { organization } = session;
  useEffect(() => {
    // Whoever presses its keys types on at once.
    const timer = setTimeout(() => void loadPalette(), 1_000);
    return () => clearTimeout(timer);
  }, []);
  useLive(organization.id, {
    events: rights.may('events:read'),
    runs: rights.may('runs:read'),
    notifications: true,
  });

  const mayCreate = rights.may('tasks:create') && rights.isOn('work');
  const mayAll = JSON.stringify(screens.filter((screen) => isOpenTo(screen, rights)).map(({ to }) => to));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rights are in mayAll
  const shortcuts = useMemo(
    () => ({
      '$mod+k': () => setOverlay('palette'),
      'Shift+?': () => setOverlay('keys'),
      '/': () => document.querySelector<HTMLElement>('[data-shortcut="search"]')?.focus(),
      ...(mayCreate && { c: () => setOverlay('create-task') }),
      ...Object.fromEntries(
        screens
          .filter((screen) => isOpenTo(screen, rights))
          .flatMap(({ keys, to }) => (keys === undefined ? [] : [[keys, () => void navigate({ to })]])),
      ),
    }),
    [mayAll, mayCreate, navigate],
  );
  useShortcuts(shortcuts);
  const close = (isOpen: boolean) => !isOpen && setOverlay(undefined);
  const sidebar = (
    <Sidebar
      session={session}
      onSearch={() => setOverlay('palette')}
      onCreate={() => setOverlay('create-task')}
      onLeave={() => setMenuOpen(false)}
    />
  );
  return (
    <TooltipProvider delayDuration={400}>
      <SidebarContext value={{ open: () => setMenuOpen(true), isThere: true }}>
        <div className="flex h-dvh flex-col">
          <a
            href="#main"
            className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
          >
            Skip to the content
          </a>
          <OfflineBanner />
          <div className="flex min-h-0 flex-1">
            <aside aria-label="Places" className="hidden w-58 shrink-0 border-line border-r bg-side md:block">
              {sidebar}
            </aside>
            <Dialog.Root open={isMenuOpen} onOpenChange={setMenuOpen}>
              <Dialog.Portal>
                <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 md:hidden" />
                <Dialog.Content
                  aria-describedby={undefined}
                  className="fixed inset-y-0 left-0 z-40 w-72 max-w-[85vw] border-line border-r bg-side md:hidden"
                >
                  <Dialog.Title className="sr-only">Places</Dialog.Title>
                  {sidebar}
                </Dialog.Content>
              </Dialog.Portal>
            </Dialog.Root>
            <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
              <Suspense fallback={<SkeletonRows />}>
                <GuardedOutlet />
              </Suspense>
            </main>
          </div>
        </div>
        <Suspense>
          {overlay === 'palette' && (
            <CommandPalette
              isOpen
              onOpenChange={close}
              onCreateTask={() => setOverlay('create-task')}
              onShowKeys={() => setOverlay('keys')}
            />
          )}
          {overlay === 'keys' && <KeyboardHelp isOpen onOpenChange={close} />}
          {overlay === 'create-task' && <CreateTask onOpenChange={close} />}
        </Suspense>
      </SidebarContext>
    </TooltipProvider>
  );
}

/** The screen, if it is open to the person; else a screen that says why it is not. */
function GuardedOutlet() {
  const { pathname } = useLocation();
  const rights = useRights();
  const screen = screens.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  useEffect(() => {
    // The title tells those who can't see it that the screen is another one.
    if (pathname) document.getElementById('main')?.scrollTo(0, 0);
  }, [pathname]);
  if (screen?.module !== undefined && !rights.isOn(screen.module)) return <NotFoundScreen />;
  if (screen && !isOpenTo(screen, rights)) return <ForbiddenScreen permission={screen.permission} />;
  return <Outlet />;
}
