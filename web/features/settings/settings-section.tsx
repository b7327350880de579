import type { ReactNode } from 'react';

/** A part of a settings screen, with what it is about. */
export function SettingsSection({
  title,
  text,
  action,
  children,
}: {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="min-w-0">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-48 flex-1">
          <h2 className="font-semibold text-[15px]">{title}</h2>
          {text && <p className="text-soft">{text}</p>}
        </div>
        {action}
      </div>
      <div className="mt-3 rounded-lg border border-line px-4 py-1 empty:hidden">{children}</div>
    </section>
  );
}
