import type { ReactNode } from 'react';

/** A part of a settings screen, with what it is about. */
export function SettingsSection({
  title,
  text,
  action,
  children,
}: {
  title: string;
  text: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section>
      <div className="flex items-end justify-between gap-4">
        <div>
          <h2 className="font-semibold text-[15px]">{title}</h2>
          <p className="text-soft">{text}</p>
        </div>
        {action}
      </div>
      <div className="mt-3 rounded-lg border border-line px-4 py-1">{children}</div>
    </section>
  );
}
