import type { ReactNode } from 'react';

/** One thing of a section: what it is, how it stands, and what can be done about it. */
export function SettingsLine({
  title,
  text,
  textId,
  action,
}: {
  title: ReactNode;
  text?: ReactNode;
  /** Id of the text, for what it describes. */
  textId?: string;
  action?: ReactNode;
}) {
  return (
    <div className="flex min-h-13 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-b py-2.5 last:border-b-0">
      <div className="min-w-40 flex-1">
        <div className="break-words">{title}</div>
        {text && (
          <div id={textId} className="break-words text-mini text-soft">
            {text}
          </div>
        )}
      </div>
      {action && <div className="flex shrink-0 flex-wrap items-center gap-2">{action}</div>}
    </div>
  );
}
