import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';

/** Keys in the words of tinykeys (`g p`, `$mod+k`, `Shift+?`), and what they do. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Listens to keys wherever the focus is, but not while somebody types or a dialog is open; `$mod` counts always. */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const guarded = Object.entries(shortcuts).map(([keys, act]) => [
      keys,
      (event: KeyboardEvent) => {
        // What has closed something else by it has used the key up.
        if (event.defaultPrevented || (!keys.includes('$mod') && isBusy(event))) return;
        event.preventDefault();
        act(event);
      },
    ]);
    return tinykeys(window, Object.fromEntries(guarded));
  }, [shortcuts]);
}

function isBusy({ target }: KeyboardEvent): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]')) return true;
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
