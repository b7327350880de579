/** An error as it may be logged: name, message, stack and causes, without the parameters of a failed query. */
export interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  code?: string;
  cause?: LoggedError;
}

const maxCauses = 5;

/** Prepares any thrown value for the log. Own properties other than a short code are left out: they may hold secrets. */
export function errorForLog(error: unknown, causesLeft = maxCauses): LoggedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'Something other than an Error was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: withoutParameters(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutParameters(error.stack) }),
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined || causesLeft === 0
      ? {}
      : { cause: errorForLog(error.cause, causesLeft - 1) }),
  };
}

/** drizzle writes a failed query's parameters into the message. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n\s+at |$)/, '\nparams: left out');
}
