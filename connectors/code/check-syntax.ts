import { AppError } from '#core/errors.js';
import type { SyntaxProblem } from './job.js';
import { limits } from './limits.js';
import { sharedPool } from './shared-pool.js';

/**
 * Reads the source of a code step without running it. Gives the first thing that is wrong with it, in the user's own
 * lines and columns (from 1), or undefined. Throws `code_failed` for source that is nested too deeply to be read.
 */
export async function checkSyntax(source: string): Promise<SyntaxProblem | undefined> {
  const { timeoutMs, memoryMb } = limits;
  const outcome = await sharedPool.run({
    kind: 'check',
    source,
    timeoutMs: timeoutMs.default,
    memoryMb: memoryMb.default,
  });
  if (outcome.kind === 'unreadable') return outcome.problem;
  if (outcome.kind === 'failed') throw new AppError(outcome.code, outcome.message);
  return undefined;
}
