import { AppError } from '#core/errors.js';
import { readRetryAfter } from './retry-after.js';

export interface FailedAnswer {
  status: number;
  headers: Headers;
  host: string;
  /** What the answer says, without credentials; may be empty. */
  text: string;
}

export interface FailureChoices {
  retryOnStatus: readonly number[];
  hasConnection: boolean;
}

/** Longest part of an answer that goes into a message, in characters. */
const maxQuote = 500;

/**
 * The error that a status stands for. `limit_exceeded` says that the request was turned away unprocessed, so that the
 * next attempt is no repetition; after `provider_unavailable` it is not known whether it took effect.
 */
export function statusError(
  answer: FailedAnswer,
  { retryOnStatus, hasConnection }: FailureChoices,
): AppError {
  const { status, headers, host, text } = answer;
  const message = `${host} answered with status ${status}${text === '' ? '.' : `: ${text.slice(0, maxQuote)}`}`;
  if (retryOnStatus.includes(status)) {
    const retryAfterMs = readRetryAfter(headers.get('retry-after'), Date.now());
    const code = isTurnedAway(status, headers) ? 'limit_exceeded' : 'provider_unavailable';
    return new AppError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (hasConnection && (status === 401 || status === 403)) {
    return new AppError('credentials_expired', `${host} does not accept the credentials: status ${status}.`);
  }
  if (status === 404) return new AppError('not_found', message);
  if (status === 409 || status === 412) return new AppError('conflict', message);
  return new AppError('validation', message);
}

/** 425: RFC 8470, 5.2. 429: RFC 6585, 4. 503: "currently unable to handle the request", and it says until when. */
function isTurnedAway(status: number, headers: Headers): boolean {
  return status === 425 || status === 429 || (status === 503 && headers.has('retry-after'));
}
