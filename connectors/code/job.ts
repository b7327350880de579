import { z } from 'zod';

/** What a thread is asked for. Text only: nothing that the host could share with the code by accident. */
export type Job = RunJob | CheckJob;

export interface RunJob {
  kind: 'run';
  source: string;
  /** JSON. */
  input: string;
  timeoutMs: number;
  memoryMb: number;
}

/** Reads the source without running it. */
export interface CheckJob {
  kind: 'check';
  source: string;
  timeoutMs: number;
  memoryMb: number;
}

/** Least serious first. */
export const consoleLevels = ['log', 'info', 'warn', 'error'] as const;

export const ConsoleLine = z.object({ level: z.enum(consoleLevels), text: z.string() });
export type ConsoleLine = z.output<typeof ConsoleLine>;

/** Where the source can't be read, in the user's own lines and columns, which count from 1. */
export const SyntaxProblem = z.object({ line: z.int(), column: z.int(), message: z.string() });
export type SyntaxProblem = z.output<typeof SyntaxProblem>;

/** A thread's answer to a job. */
export const Outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('returned'), json: z.string(), console: z.array(ConsoleLine), ms: z.int() }),
  z.object({ kind: z.literal('valid') }),
  z.object({ kind: z.literal('unreadable'), problem: SyntaxProblem }),
  z.object({
    kind: z.literal('failed'),
    code: z.enum(['code_failed', 'payload_too_large']),
    message: z.string(),
  }),
]);
export type Outcome = z.output<typeof Outcome>;
