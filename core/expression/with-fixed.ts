/** An evaluated object with fields that are no templates and were not evaluated. */
export function withFixed(value: unknown, fixed: Readonly<Record<string, unknown>> | null): unknown {
  if (fixed === null || typeof value !== 'object' || value === null) return value;
  return { ...value, ...fixed };
}
