/** Why the demo ends early, as a sentence for the person who runs it. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Throws DemoError unless the two are equal. `what` begins the sentence: "The task's title". */
export function expectEqual<Value extends string | number | boolean>(
  what: string,
  actual: Value | undefined,
  expected: Value,
): void {
  if (actual === expected) return;
  throw new DemoError(`${what} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(actual)}.`);
}
