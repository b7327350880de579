import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.js';
import { classNames } from './class-names.js';

export interface DialogProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  title: string;
  description?: string | undefined;
  /** The title is for those who can't see it only. */
  hidesTitle?: boolean;
  className?: string;
  children: ReactNode;
}

/** A window over the page that has to be dealt with first. Escape closes it. */
export function Dialog({
  isOpen,
  onOpenChange,
  title,
  description,
  hidesTitle,
  className,
  children,
}: DialogProps) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/30 dark:bg-black/60" />
        <Primitive.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          className={classNames(
            'enter fixed inset-x-3 top-[12vh] z-50 mx-auto max-h-[76vh] max-w-lg overflow-y-auto rounded-xl border border-line bg-raised shadow-float',
            className,
          )}
        >
          <div className={hidesTitle ? 'sr-only' : 'flex items-start justify-between gap-4 px-5 pt-4'}>
            <div>
              <Primitive.Title className="font-semibold text-[15px] leading-6">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="text-soft">{description}</Primitive.Description>
              )}
            </div>
            {!hidesTitle && (
              <Primitive.Close asChild>
                <Button look="ghost" size="icon" aria-label="Close" className="-mr-2">
                  <X aria-hidden />
                </Button>
              </Primitive.Close>
            )}
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
