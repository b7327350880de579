import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { checkResult, resultTooLarge } from './check-result.js';
import { CodeFailure, UnreadableSource } from './code-failure.js';
import { copyText } from './copy-text.js';
import { cutConsole } from './cut-console.js';
import { describeThrown, readThrown, stackFailure } from './describe-thrown.js';
import { type ConsoleLine, consoleLevels, type Job, type Outcome, type RunJob } from './job.js';
import { limits, memoryLimitMessage, timeLimitMessage } from './limits.js';
import { openSandbox, type Sandbox } from './open-sandbox.js';
import { installPrelude, maxTextLength, type Prelude } from './prelude.js';
import { compileSource, positionIn } from './source-file.js';
import type { WasmModule } from './web-assembly.js';

/** Promise reactions that run between two looks at the clock. */
const jobsAtOnce = 1_000;

/** Does a job in a sandbox of its own. Every outcome, whatever the code does, is an answer; none is thrown. */
export async function runJob(wasmModule: WasmModule, job: Job): Promise<Outcome> {
  const sandbox = await openSandbox(wasmModule, job.memoryMb);
  const outcome = attempt(sandbox, job);
  // An allocation may have failed inside the host's own calls, after which nothing in this memory can be trusted.
  if (!sandbox.isExhausted()) return outcome;
  return { kind: 'failed', code: 'code_failed', message: memoryLimitMessage(job.memoryMb) };
}

function attempt(sandbox: Sandbox, job: Job): Outcome {
  try {
    const prelude = installPrelude(sandbox.context);
    sandbox.limitTime(job.timeoutMs);
    const run = compile(sandbox, prelude, job);
    return job.kind === 'check' ? { kind: 'valid' } : call(sandbox, prelude, run, job);
  } catch (error) {
    if (error instanceof UnreadableSource) return { kind: 'unreadable', problem: error.problem };
    const { code, message } = error instanceof CodeFailure ? error : failureOf(error);
    return { kind: 'failed', code, message };
  }
}

function compile(sandbox: Sandbox, prelude: Prelude, job: Job): QuickJSHandle {
  const { context } = sandbox;
  const { run, error, message } = compileSource(context, job.source);
  if (run) return run;
  const thrown = readThrown(sandbox, prelude, error);
  if (thrown?.name !== 'SyntaxError' || thrown.message === 'stack overflow') {
    throw describeThrown(sandbox, prelude, error, job);
  }
  const { line, column, isEnd } = positionIn(thrown.stack, job.source) ?? {
    line: 1,
    column: 1,
    isEnd: false,
  };
  const own = isEnd ? 'unexpected end of the code' : thrown.message;
  throw new UnreadableSource({ line, column, message: message ?? own });
}

function call(sandbox: Sandbox, prelude: Prelude, run: QuickJSHandle, job: RunJob): Outcome {
  const { context } = sandbox;
  const began = performance.now();
  const within = (handle: QuickJSHandle, argument: QuickJSHandle) => {
    const result = context.callFunction(handle, context.undefined, argument);
    if (result.error) throw describeThrown(sandbox, prelude, result.error, job);
    return result.value;
  };
  const promise = within(run, within(prelude.parse, context.newString(job.input)));
  const json = within(prelude.stringify, settle(sandbox, prelude, promise, job));
  if (context.getNumber(context.getProp(json, 'length')) > limits.resultSize) throw resultTooLarge();
  const text = copyText(context, json, limits.resultSize);
  checkResult(text);
  const ms = Math.round(performance.now() - began);
  return { kind: 'returned', json: text, console: cutConsole(readConsole(sandbox, prelude)), ms };
}

/** What the promise of the code comes to once everything that it can do by itself is done. */
function settle(sandbox: Sandbox, prelude: Prelude, promise: QuickJSHandle, job: RunJob): QuickJSHandle {
  const { runtime, context } = sandbox;
  while (runtime.hasPendingJob() && !sandbox.isExhausted()) {
    const done = runtime.executePendingJobs(jobsAtOnce);
    if (sandbox.isOverdue()) throw new CodeFailure('code_failed', timeLimitMessage(job.timeoutMs));
    if (done.error) throw describeThrown(sandbox, prelude, done.error, job);
  }
  const state = context.getPromiseState(promise);
  if (state.type === 'fulfilled') return state.value;
  if (state.type === 'rejected') throw describeThrown(sandbox, prelude, state.error, job);
  throw new CodeFailure(
    'code_failed',
    'The code waits for a promise that nothing settles: only promises that it settles itself can be awaited',
  );
}

/** No more of the console than shows that it has to be cut. */
function readConsole({ context }: Sandbox, { lines }: Prelude): ConsoleLine[] {
  const count = context.getNumber(context.getProp(lines, 'count'));
  const read: ConsoleLine[] = [];
  for (let index = 0, size = 0; index < count && index <= limits.consoleLines; index += 1) {
    const line = context.getProp(lines, index);
    const level = consoleLevels[context.getNumber(context.getProp(line, 'level'))] ?? 'log';
    const text = copyText(context, context.getProp(line, 'text'), maxTextLength);
    read.push({ level, text });
    size += text.length;
    if (size > limits.consoleSize) return read;
  }
  return read;
}

/** The engine under QuickJS gave up: nested too deeply, or out of what the instance may use. */
function failureOf(error: unknown): CodeFailure {
  if (error instanceof RangeError && error.message.includes('call stack')) return stackFailure();
  return new CodeFailure('code_failed', 'The code broke off in a way that the sandbox cannot explain');
}
