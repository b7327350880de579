/**
 * A reason why the stack cannot start that a person can act on.
 * The message is the whole sentence to show; the launcher prints it without a stack trace and exits with 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
