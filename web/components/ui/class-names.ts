import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Our own sizes of text would be taken for colours else. */
const merge = extendTailwindMerge({ extend: { theme: { text: ['mini', 'small'] } } });

/** Joins class names; of two Tailwind classes for the same thing the later counts. */
export function classNames(...values: ClassValue[]): string {
  return merge(clsx(values));
}
