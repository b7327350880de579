import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.js';

/** Holds the place of what is still being read. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-pulse rounded-md bg-hover', className)} />;
}

/** Lines of a list that is still being read; tells screen readers once. */
export function SkeletonRows({ count = 8 }: { count?: number }) {
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">Loading</span>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Skeleton key={index} className="h-7" />
      ))}
    </div>
  );
}

/** Says why there is nothing, and what to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="mx-auto grid max-w-sm justify-items-center gap-2 px-6 py-20 text-center">
      <span className="mb-2 rounded-xl border border-line bg-side p-3 text-soft">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="font-semibold text-[15px]">{title}</h2>
      <p className="text-soft">{children}</p>
      {action && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}

export function Badge({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-full border border-line-strong px-2 text-mini text-soft',
        className,
      )}
    >
      {children}
    </span>
  );
}
