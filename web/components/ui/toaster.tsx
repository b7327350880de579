import { Toaster as Sonner } from 'sonner';

/** Where short messages appear. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-3 rounded-lg border border-line bg-raised px-3.5 py-3 text-small text-text shadow-float',
          title: 'font-medium',
          description: 'text-soft',
          content: 'min-w-0 flex-1',
          actionButton:
            'shrink-0 rounded-md border border-line-strong px-2 py-1 text-mini font-medium hover:bg-hover',
          icon: 'text-soft shrink-0',
        },
      }}
    />
  );
}
