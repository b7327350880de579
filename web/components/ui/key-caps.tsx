const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Keys as they stand on the keyboard. `keys`: pressed together by `+`, one after another by a space; `mod` is ⌘ or Ctrl. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {keys.split(/[+ ]/).map((key) => (
        <kbd
          key={key}
          className="min-w-5 rounded border border-line-strong bg-ground px-1 text-center font-sans text-[11px] text-soft leading-4"
        >
          {nameOf(key)}
        </kbd>
      ))}
    </span>
  );
}

function nameOf(key: string): string {
  if (key === 'mod') return isApple ? '⌘' : 'Ctrl';
  return key.length === 1 ? key.toUpperCase() : key;
}
