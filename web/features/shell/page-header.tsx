import { PanelLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/ui/button.js';
import { useSidebar } from './sidebar-state.js';
import { BellButton } from './unread.js';

/** The line on top of a screen: its name, what narrows it, and what can be done. */
export function PageHeader({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  /** Before the title, such as the way back. */
  lead?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const { open, isThere } = useSidebar();
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-3 py-2 md:px-6">
      <title>{`${title} · WorkSynapse`}</title>
      <Button look="ghost" size="icon" className="md:hidden" aria-label="Open the menu" onClick={open}>
        <PanelLeft aria-hidden />
      </Button>
      {lead}
      <h1 className="mr-auto truncate font-semibold">{title}</h1>
      <div className="order-last -mx-1 flex w-full items-center gap-2 overflow-x-auto p-1 empty:hidden md:order-none md:mx-0 md:w-auto md:flex-wrap md:p-0">
        {children}
      </div>
      {actions}
      {isThere && <BellButton className="md:hidden" />}
    </header>
  );
}
