import type { KeyboardEvent } from 'react';

/** Arrows (and j, k) go from row to row, Enter opens; keys that controls in the row take are theirs. */
export function walkRows(event: KeyboardEvent<HTMLElement>, open: () => void): void {
  const row = event.currentTarget;
  if (event.target !== row || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
  if (event.key === 'Enter') {
    event.preventDefault();
    open();
  }
  const isDown = event.key === 'ArrowDown' || event.key === 'j';
  if (!isDown && event.key !== 'ArrowUp' && event.key !== 'k') return;
  event.preventDefault();
  const next = isDown ? row.nextElementSibling : row.previousElementSibling;
  if (next instanceof HTMLElement) next.focus();
}
