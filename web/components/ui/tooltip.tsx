import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { KeyCaps } from './key-caps.js';

export const TooltipProvider = Primitive.Provider;

/** Names an icon, and the keys that do the same. */
export function Tooltip({ text, keys, children }: { text: string; keys?: string; children: ReactNode }) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          sideOffset={6}
          className="enter z-50 flex items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-mini shadow-float"
        >
          {text}
          {keys && <KeyCaps keys={keys} />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
