import type { ErrorIssue } from '#core/errors.js';

/** 1: refused, not valid, or failed. 2: called wrongly, or with a file or setting that can't be used. */
export type FailureCode = 1 | 2;

/** Ends the program with a sentence for people. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: FailureCode;
  readonly issues: readonly ErrorIssue[];

  constructor(
    message: string,
    { exitCode = 1, issues = [] }: { exitCode?: FailureCode; issues?: readonly ErrorIssue[] } = {},
  ) {
    super(message);
    this.exitCode = exitCode;
    this.issues = issues;
  }
}

/** A mistake in how the program was called. */
export function misuse(message: string): CliError {
  return new CliError(message, { exitCode: 2 });
}

/** What is wrong, one line each: the node or parameter, the path, the message. */
export function issueLines(issues: readonly ErrorIssue[]): string[] {
  return issues.map(({ node, path, message }) => `  ${[node, path].filter(Boolean).join(', ')}: ${message}`);
}
