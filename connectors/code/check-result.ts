import { CodeFailure } from './code-failure.js';
import { limits } from './limits.js';

/** What JSON allows and PostgreSQL does not: the NUL character and half of a surrogate pair. */
const unstorable = /\0|\p{Surrogate}/u;

/**
 * Refuses a result that the rest of the system could not keep: over 1 MB of JSON, nested deeper than 64 levels, or
 * with text that can't be stored. Throws CodeFailure. Walks without recursion, so depth can't exhaust the stack.
 */
export function checkResult(json: string): void {
  if (Buffer.byteLength(json) > limits.resultSize) throw resultTooLarge();
  const waiting: { value: unknown; depth: number }[] = [{ value: JSON.parse(json), depth: 1 }];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const { value, depth } = entry;
    if (typeof value === 'string') checkText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.resultDepth) {
      throw new CodeFailure('code_failed', `The result is nested deeper than ${limits.resultDepth} levels`);
    }
    if (!Array.isArray(value)) Object.keys(value).forEach(checkText);
    for (const child of Object.values(value)) waiting.push({ value: child, depth: depth + 1 });
  }
}

export function resultTooLarge(): CodeFailure {
  const megabytes = limits.resultSize / 1024 / 1024;
  return new CodeFailure(
    'payload_too_large',
    `The result is larger than its limit of ${megabytes} MB as JSON`,
  );
}

function checkText(text: string): void {
  if (!unstorable.test(text)) return;
  throw new CodeFailure(
    'code_failed',
    'Text of the result must not hold the NUL character (U+0000) or half of a surrogate pair',
  );
}
