/** What one call of a code step may use. Sizes in bytes unless the name says otherwise. */
export const limits = {
  sourceSize: 64 * 1024,
  timeoutMs: { min: 1, max: 60_000, default: 5_000 },
  memoryMb: { min: 8, max: 128, default: 32 },
  stackMb: 1,
  /** JSON in UTF-8; as much as an answer from outside may have. */
  inputSize: 10 * 1024 * 1024,
  /** JSON in UTF-8. */
  resultSize: 1024 * 1024,
  /** Levels of nesting in a result; the API takes no deeper JSON either. */
  resultDepth: 64,
  consoleLines: 200,
  /** All lines together, in UTF-8. */
  consoleSize: 64 * 1024,
  /** Characters of an error's message. */
  messageLength: 1_000,
} as const;

/** The message for code that is not done in time, whoever notices it. */
export function timeLimitMessage(timeoutMs: number): string {
  return `The code took longer than its time limit of ${timeoutMs} ms`;
}

/** The message for code that needs more memory than it may have, whoever notices it. */
export function memoryLimitMessage(memoryMb: number): string {
  return `The code needed more than its memory limit of ${memoryMb} MB`;
}
