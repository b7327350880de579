import { X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';

/** What stands beside the canvas; over it where there is little room. */
export function SidePanel({
  label,
  title,
  icon,
  actions,
  closeLabel,
  isSheet = false,
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
  /** Where there is little room it leaves the upper half of the canvas to be seen. */
  isSheet?: boolean;
  onClose(): void;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}) {
  return (
    <section
      ref={ref}
      aria-label={label}
      className={classNames(
        'absolute right-0 bottom-0 z-10 flex w-full flex-col border-line border-l bg-ground sm:top-0 sm:w-92 md:static',
        isSheet ? 'border-t max-sm:static max-sm:h-1/2 sm:border-t-0' : 'top-0',
      )}
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
