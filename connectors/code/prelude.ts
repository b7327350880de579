import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { consoleLevels } from './job.js';
import { limits } from './limits.js';

/** Characters of the longest text that it gives, other than JSON: one more than may go out, so that a cut shows. */
export const maxTextLength = limits.consoleSize + 1;

/** Functions inside the sandbox, made before the user's code can change what they are built on. */
export interface Prelude {
  /** JSON text to a value. */
  parse: QuickJSHandle;
  /** A value to JSON text, `null` for what JSON leaves out. Runs the code's own `toJSON` and getters. */
  stringify: QuickJSHandle;
  /** A thrown value to `{ name, message, stack }`, all text. Runs the code's own getters. */
  describe: QuickJSHandle;
  /** `{ count, 0: { level, text }, … }`, where level is an index of `consoleLevels`. */
  lines: QuickJSHandle;
}

/** Puts `console` into a new context and gives back the functions that the host calls. */
export function installPrelude(context: QuickJSContext): Prelude {
  const made = context.unwrapResult(context.evalCode(prelude, 'prelude', { strict: true }));
  return {
    parse: context.getProp(made, 'parse'),
    stringify: context.getProp(made, 'stringify'),
    describe: context.getProp(made, 'describe'),
    lines: context.getProp(made, 'lines'),
  };
}

// It keeps one line more of the console than may go out, so that a cut shows.
const prelude = `(() => {
  const { parse, stringify } = JSON;
  const text = String;
  const ErrorClass = Error;
  const bound = (method) => Function.prototype.call.bind(method);
  const slice = bound(String.prototype.slice);
  const replaceNul = bound(String.prototype.replaceAll);
  const mostText = ${maxTextLength};
  const plain = (value) => replaceNul(slice(value, 0, mostText), '\\0', '\\ufffd');

  const lines = { __proto__: null, count: 0 };
  let size = 0;

  const read = (value, key) => {
    try {
      const property = value[key];
      return typeof property === 'string' ? plain(property) : '';
    } catch {
      return '';
    }
  };
  const isError = (value) => {
    try {
      return value instanceof ErrorClass;
    } catch {
      return false;
    }
  };
  const show = (value) => {
    if (typeof value === 'string') return plain(value);
    try {
      if (isError(value)) return read(value, 'name') + ': ' + read(value, 'message');
      const json = typeof value === 'object' ? stringify(value) : undefined;
      return plain(json === undefined ? text(value) : json);
    } catch {
      return '[a value that cannot be shown]';
    }
  };
  const isFull = () => lines.count > ${limits.consoleLines} || size >= mostText;
  const write = (level) => (...values) => {
    if (isFull()) return;
    let line = '';
    for (let index = 0; index < values.length && line.length < mostText; index += 1) {
      line += (index === 0 ? '' : ' ') + show(values[index]);
    }
    // Showing a value may itself have written.
    if (isFull()) return;
    size += line.length;
    lines[lines.count] = { __proto__: null, level, text: plain(line) };
    lines.count += 1;
  };
  const [log, info, warn, error] = [${consoleLevels.map((_, index) => `write(${index})`).join(', ')}];
  globalThis.console = { log, info, warn, error, debug: log };

  return {
    __proto__: null,
    parse: (json) => parse(json),
    stringify: (value) => {
      const json = stringify(value);
      return json === undefined ? 'null' : json;
    },
    describe: (thrown) =>
      isError(thrown)
        ? { __proto__: null, name: read(thrown, 'name'), message: read(thrown, 'message'), stack: read(thrown, 'stack') }
        : { __proto__: null, name: '', message: show(thrown), stack: '' },
    lines,
  };
})()`;
