import { X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from '../../components/ui/button.js';

/** What stands beside the canvas; over it where there is little room. */
export function SidePanel({
  label,
  title,
  icon,
  actions,
  closeLabel,
  onClose,
  ref,
  children,
}: {
  /** What it is called to those who can't see it. */
  label: string;
  title: string;
  icon: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  closeLabel: string;
  onClose(): void;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}) {
  return (
    <section
      ref={ref}
      aria-label={label}
      className="absolute inset-y-0 right-0 z-10 flex w-full flex-col border-line border-l bg-ground sm:w-92 md:static"
    >
      <div className="flex min-h-12 items-center gap-1 border-line border-b px-4 [&>svg]:mr-1 [&>svg]:size-4 [&>svg]:text-soft">
        {icon}
        <h2 className="mr-auto truncate font-semibold">{title}</h2>
        {actions}
        <Button look="ghost" size="icon" aria-label={closeLabel} onClick={onClose}>
          <X aria-hidden />
        </Button>
      </div>
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-4">{children}</div>
    </section>
  );
}
