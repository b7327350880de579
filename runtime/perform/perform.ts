import type { Transaction } from '#db/client.js';
import type { Caller } from '../caller.js';
import type { CookieJar } from '../cookie-jar.js';
import type { RequestOrigin } from '../request-origin.js';

export interface PerformOptions {
  /** Same caller, same key, same input: the first result again. Same key with other input: `validation`. */
  idempotencyKey?: string;
  /** The connection that a connector action uses. */
  connectionId?: string;
  requestId?: string;
  /** Where the request came from. */
  origin?: RequestOrigin;
  /** The cookies of the request, for public actions. */
  cookies?: CookieJar;
  /** Aborts a connector action. */
  signal?: AbortSignal;
  /** Longest that a connector action may take; a minute unless given. */
  timeoutMs?: number;
  /** Writes more in the very transaction that records the result; run steps are recorded so. */
  alsoRecord?(transaction: Transaction, outcome: { input: unknown; output: unknown }): Promise<void>;
  /** Of a call to an app, which may take long: what is told of it while it is out. */
  beginning?: CallBeginning;
}

export interface CallBeginning {
  /** Writes more in the transaction that notes that the call begins. */
  note(transaction: Transaction): Promise<void>;
  /** That is committed, and the call goes out. */
  noted(): void;
}

/**
 * The one door: everything that anyone does goes through it. Returns the action's output.
 * Throws AppError: `not_found` (no such action), `unauthenticated`, `forbidden`, `validation`, `conflict`
 * (the same key is at work), `step_up_required`, `approval_required`, and whatever the action throws.
 */
export type Perform = (
  caller: Caller,
  actionName: string,
  input: unknown,
  options?: PerformOptions,
) => Promise<unknown>;
