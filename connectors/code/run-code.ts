import { z } from 'zod';
import { type ConnectorContext, defineConnectorAction } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { checkSyntax } from './check-syntax.js';
import { ConsoleLine, type Outcome, type SyntaxProblem } from './job.js';
import { limits } from './limits.js';
import { sharedPool } from './shared-pool.js';

const { sourceSize, timeoutMs, memoryMb } = limits;

export const runCode = defineConnectorAction({
  name: 'code.run',
  title: 'Run code',
  description: 'Runs JavaScript in a sandbox: it computes a value from its input and reaches nothing else.',
  permission: 'code:run',
  effect: 'read',
  connection: 'none',
  input: z.object({
    /** The body of an async function in strict mode, with `input` in scope; what it returns is the value. */
    source: z
      .string()
      .min(1)
      .max(sourceSize)
      .refine((source) => Buffer.byteLength(source) <= sourceSize, `must be at most ${sourceSize} bytes`),
    /** Any JSON. */
    input: z.unknown().default(null),
    /** How long it may run, in milliseconds; waiting for a free thread is not counted. */
    timeoutMs: z.int().min(timeoutMs.min).max(timeoutMs.max).default(timeoutMs.default),
    /** How much memory its values may take. */
    memoryMb: z.int().min(memoryMb.min).max(memoryMb.max).default(memoryMb.default),
  }),
  output: z.object({
    /** As JSON.stringify writes it: undefined, functions and NaN become null, dates become text. */
    value: z.unknown(),
    console: z.array(ConsoleLine),
    /** How long it ran. */
    ms: z.int().min(0),
  }),
  async check({ source }) {
    const problem = typeof source === 'string' ? await checkSyntax(source) : undefined;
    return problem ? [{ path: 'source', message: textOf(problem) }] : [];
  },
  async run({ signal }: ConnectorContext, { source, input, timeoutMs, memoryMb }) {
    const json = toJson(input);
    if (Buffer.byteLength(json) > limits.inputSize) throw inputTooLarge();
    return toOutput(await sharedPool.run({ kind: 'run', source, input: json, timeoutMs, memoryMb }, signal));
  },
});

function toJson(input: unknown): string {
  try {
    return JSON.stringify(input) ?? 'null';
  } catch (cause) {
    const issues = [{ path: 'input', message: 'must be JSON' }];
    throw new AppError('validation', 'The input of the code is not JSON', { issues, cause });
  }
}

function inputTooLarge(): AppError {
  const megabytes = limits.inputSize / 1024 / 1024;
  return new AppError('payload_too_large', `The input is larger than its limit of ${megabytes} MB as JSON`);
}

function toOutput(outcome: Outcome) {
  if (outcome.kind === 'returned') {
    const { json, console, ms } = outcome;
    return { value: JSON.parse(json) as unknown, console, ms };
  }
  if (outcome.kind === 'unreadable') {
    const text = textOf(outcome.problem);
    throw new AppError('validation', `The code cannot be read: ${text}`, {
      issues: [{ path: 'source', message: text }],
    });
  }
  if (outcome.kind === 'failed') throw new AppError(outcome.code, outcome.message);
  throw new AppError('internal', 'Code was read but not run');
}

function textOf({ line, column, message }: SyntaxProblem): string {
  return `line ${line}, column ${column}: ${message}`;
}
