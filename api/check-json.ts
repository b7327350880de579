import { AppError } from '#core/errors.js';

const maxDepth = 64;
/** Objects, lists, texts, numbers: far more than any input of ours, and still quick to walk. */
const maxValues = 100_000;
/** The NUL character and lone surrogates: JSON allows them, PostgreSQL's text and jsonb do not. */
const unstorable = /\0|\p{Surrogate}/u;

/**
 * Refuses JSON that is nested deeper than 64 levels, holds more than 100,000 values, or text that can't be stored.
 * Throws `malformed`. Walks without recursion, so depth can't exhaust the stack.
 */
export function checkJson(root: unknown): void {
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  let left = maxValues;
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const { value, depth } = entry;
    if (typeof value === 'string') checkText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth)
      throw new AppError('malformed', `The input is nested deeper than ${maxDepth} levels`);
    const children = Array.isArray(value) ? value : Object.values(value);
    left -= children.length;
    if (left < 0) throw new AppError('malformed', `The input holds more than ${maxValues} values`);
    if (children !== value) for (const key of Object.keys(value)) checkText(key);
    for (const child of children) waiting.push({ value: child, depth: depth + 1 });
  }
}

function checkText(text: string): void {
  if (!unstorable.test(text)) return;
  throw new AppError(
    'malformed',
    'Text must not hold the NUL character (U+0000) or half of a surrogate pair',
  );
}
