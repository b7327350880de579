import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { CodeFailure } from './code-failure.js';
import { copyText } from './copy-text.js';
import { limits, memoryLimitMessage, timeLimitMessage } from './limits.js';
import type { Sandbox } from './open-sandbox.js';
import { maxTextLength, type Prelude } from './prelude.js';
import { positionIn } from './source-file.js';

/** What the code threw as a failure that tells name, message and place, or which limit it ran into. */
export function describeThrown(
  sandbox: Sandbox,
  prelude: Prelude,
  handle: QuickJSHandle,
  job: { source: string; timeoutMs: number },
): CodeFailure {
  const thrown = readThrown(sandbox, prelude, handle);
  if (sandbox.isOverdue()) return new CodeFailure('code_failed', timeLimitMessage(job.timeoutMs));
  if (!thrown) return new CodeFailure('code_failed', 'The code threw something that cannot be read');
  const { name, message, stack } = thrown;
  if (message === 'stack overflow') return stackFailure();
  if (name === 'InternalError' && message === 'out of memory') {
    return new CodeFailure('code_failed', memoryLimitMessage(sandbox.memoryMb));
  }
  const position = positionIn(stack, job.source);
  const place = position ? ` (line ${position.line}, column ${position.column})` : '';
  const what = name === '' ? `The code threw ${message}` : [name, message].filter(Boolean).join(': ');
  return new CodeFailure('code_failed', shorten(what, limits.messageLength - place.length) + place);
}

/**
 * Name, message and stack of a thrown value. Its getters run inside the sandbox and under its limits; undefined if
 * one of those stopped them.
 */
export function readThrown(
  { context }: Sandbox,
  { describe }: Prelude,
  handle: QuickJSHandle,
): { name: string; message: string; stack: string } | undefined {
  const described = context.callFunction(describe, context.undefined, handle);
  if (described.error) return undefined;
  const made = described.value;
  const read = (key: string) => copyText(context, context.getProp(made, key), maxTextLength);
  return { name: read('name'), message: read('message'), stack: read('stack') };
}

/** For code that recurses too deeply, whether QuickJS or the engine under it noticed. */
export function stackFailure(): CodeFailure {
  return new CodeFailure(
    'code_failed',
    `The code calls itself or is nested too deeply for its stack limit of ${limits.stackMb} MB`,
  );
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // Half of a surrogate pair can't be stored.
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
