import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';

/**
 * A text out of the sandbox. Throws for anything else than a text and for one of more characters than were asked
 * for: what the code decides on may never grow the heap of the thread, because a thread that runs out of heap can
 * take the whole process with it.
 */
export function copyText(context: QuickJSContext, handle: QuickJSHandle, maxLength: number): string {
  const isText = context.typeof(handle) === 'string';
  const length = isText ? context.getNumber(context.getProp(handle, 'length')) : Number.NaN;
  if (!(length <= maxLength)) throw new Error('The sandbox gave something else than a short text');
  return context.getString(handle);
}
