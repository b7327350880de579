import type { SyntaxProblem } from './job.js';

/** The user's code failed in a way that it can't be helped by trying again. The message is for that user. */
export class CodeFailure extends Error {
  override readonly name = 'CodeFailure';

  constructor(
    readonly code: 'code_failed' | 'payload_too_large',
    message: string,
  ) {
    super(message);
  }
}

/** The user's code can't be read. */
export class UnreadableSource extends Error {
  override readonly name = 'UnreadableSource';

  constructor(readonly problem: SyntaxProblem) {
    super(problem.message);
  }
}
