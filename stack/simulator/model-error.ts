/** The errors that a provider tells; each vendor's protocol has its own shape and status for them. */
export type ModelErrorKind =
  | 'invalid_request'
  | 'unauthenticated'
  | 'not_found'
  | 'model_not_found'
  | 'too_large'
  | 'rate_limited'
  | 'context_length'
  | 'server_error'
  | 'overloaded';

export class ModelError extends Error {
  readonly kind: ModelErrorKind;
  /** The field that is wrong, as `messages[2].content`. */
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: ModelErrorKind,
    message: string,
    details: { param?: string | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
