import type { RequestOrigin } from '#runtime/request-origin.js';
import type { KnownCaller } from '../admit-request.js';
import type { Problem } from '../problem.js';

/** A problem; over HTTP the time to wait is a header. */
export type McpProblem = Problem & { retryAfterSeconds?: number };

/** One request of an MCP client, whose caller is known. */
export interface McpCall {
  caller: KnownCaller;
  requestId: string;
  origin: RequestOrigin;
  /** Of clients that speak a revision with sessions: what they were given at the beginning. It proves nothing. */
  sessionId: string | undefined;
  /** The problem that an error would be over HTTP, with the time to wait; logs it where it is ours. */
  problemOf(error: unknown): McpProblem;
  /** Notes for the log which action is performed. */
  noteAction(name: string): void;
}
