import type { RequestOrigin } from '#runtime/request-origin.js';
import type { Throttle } from './throttle.js';

export interface LogInTry {
  email: string;
  /** Undefined for an unknown email. */
  userId: string | undefined;
  /** Of the device cookie, where the person has signed in from this browser before. */
  knownDevice: string | undefined;
  /** A code of an authenticator app came with the password, and the person has one. */
  hasCode: boolean;
  origin: RequestOrigin;
}

export const accountKey = (email: string) => `account ${email.toLowerCase()}`;

/**
 * What a try to log in is counted by. Failures of strangers hold up strangers: a browser in which the person has signed
 * in before has a count of its own (OWASP, "device cookies"), and so has who sends password and code at once, which
 * nobody finds by guessing both.
 */
export function logInThrottles({ email, userId, knownDevice, hasCode, origin }: LogInTry): Throttle[] {
  if (knownDevice !== undefined) return [{ key: `device ${knownDevice} ${userId}`, free: 10 }];
  if (hasCode) return [{ key: `password and code ${userId} ${origin.network}`, free: 10 }];
  return [
    { key: accountKey(email), free: 5 },
    ...(origin.network === null ? [] : [{ key: `network ${origin.network}`, free: 50 }]),
  ];
}

/** What a second factor is counted by, for one who has proven the first. */
export function secondFactorThrottles(
  userId: string,
  knownDevice: string | undefined,
  { network }: RequestOrigin,
): Throttle[] {
  if (knownDevice !== undefined) return [{ key: `code ${userId} ${knownDevice}`, free: 10 }];
  return [
    { key: `code ${userId}`, free: 20 },
    { key: `code ${userId} ${network}`, free: 5 },
  ];
}
