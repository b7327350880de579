import { classNames } from './class-names.js';

const hues = [
  'bg-indigo-600',
  'bg-emerald-700',
  'bg-amber-800',
  'bg-rose-700',
  'bg-sky-700',
  'bg-violet-700',
  'bg-teal-700',
  'bg-fuchsia-800',
] as const;

/** Initials of a person or organization, in a colour of their own. Says nothing to screen readers: the name stands beside it. */
export function Avatar({ name, id, isSquare }: { name: string; id: string; isSquare?: boolean }) {
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join('')
    .toUpperCase();
  return (
    <span
      aria-hidden
      // Not as text: what is read out beside it would not be what is seen.
      data-initials={isSquare ? initials.charAt(0) : initials}
      className={classNames(
        'inline-flex size-5 before:content-[attr(data-initials)] shrink-0 items-center justify-center font-semibold text-[9px] text-white',
        isSquare ? 'rounded-[5px]' : 'rounded-full',
        hues[hash(id) % hues.length],
      )}
    ></span>
  );
}

function hash(text: string): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return sum;
}
