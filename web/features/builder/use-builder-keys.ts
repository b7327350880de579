import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { useShortcuts } from '../shell/use-shortcuts.js';

export interface BuilderActs {
  add(): void;
  addNote(): void;
  remove(): void;
  duplicate(): void;
  undo(): void;
  redo(): void;
  unselect(): void;
  publish(): void;
  /** What the clipboard shall hold; undefined leaves it as it is. */
  copied(): string | undefined;
  paste(text: string): void;
}

/**
 * Keys of the builder, which do nothing while somebody types: a, n, Delete, d, z, Shift+z, Escape; copy, paste and undo as
 * everywhere.
 */
export function useBuilderKeys(acts: BuilderActs): void {
  const now = useRef(acts);
  now.current = acts;
  const shortcuts = useRef<Parameters<typeof useShortcuts>[0]>(undefined);
  shortcuts.current ??= keysOf(now);
  useShortcuts(shortcuts.current);
  useEffect(() => {
    const unlessTyping = (act: () => void) => (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      event.preventDefault();
      act();
    };
    const stop = tinykeys(window, {
      '$mod+z': unlessTyping(() => now.current.undo()),
      '$mod+Shift+Z': unlessTyping(() => now.current.redo()),
      '$mod+Enter': unlessTyping(() => now.current.publish()),
    });
    const copy = (event: ClipboardEvent) => {
      if (isTyping(event) || getSelection()?.isCollapsed === false) return;
      const text = now.current.copied();
      if (text === undefined) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain');
      if (!isTyping(event) && text) now.current.paste(text);
    };
    document.addEventListener('copy', copy);
    document.addEventListener('paste', paste);
    return () => {
      stop();
      document.removeEventListener('copy', copy);
      document.removeEventListener('paste', paste);
    };
  }, []);
}

function keysOf(now: { readonly current: BuilderActs }) {
  const remove = () => now.current.remove();
  const unselect = () => now.current.unselect();
  return {
    a: () => now.current.add(),
    n: () => now.current.addNote(),
    d: () => now.current.duplicate(),
    z: () => now.current.undo(),
    'Shift+Z': () => now.current.redo(),
    Delete: remove,
    Backspace: remove,
    Escape: unselect,
  };
}

function isTyping({ target }: Event): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null
  );
}
