import type { ReactNode } from 'react';
import { PageHeader } from '../shell/page-header.js';

/** A screen of settings: sections one below the other, in a column that is good to read. */
export function SettingsScreen({
  title,
  lead,
  actions,
  isWide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** For tables. */
  isWide?: boolean;
  children: ReactNode;
}) {
  return (
    <>
      <PageHeader title={title} actions={actions} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll what has nothing else to be focused */}
      <div className="min-h-0 flex-1 overflow-y-auto -outline-offset-2" tabIndex={0}>
        <div
          className={`mx-auto grid grid-cols-[minmax(0,1fr)] gap-8 p-4 pb-16 md:py-10 ${isWide ? 'max-w-4xl' : 'max-w-2xl'}`}
        >
          {lead && <p className="text-soft">{lead}</p>}
          {children}
        </div>
      </div>
    </>
  );
}
