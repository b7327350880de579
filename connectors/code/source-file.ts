import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';

/** The name of the user's code in stack traces. */
const fileName = 'code';
/** The code begins on the second line of what is evaluated. */
const linesBefore = 1;

export type Compiled =
  | { run: QuickJSHandle; error?: never; message?: never }
  /** `message` where the error's own would not help. */
  | { run?: never; error: QuickJSHandle; message?: string };

/**
 * Makes the source the body of an async function of `input`, in strict mode. It is read twice, inside a declaration
 * and inside a method: text that closes the function early (`} other(); {`) would have to go on with a statement in
 * the first and with a comma or a brace in the second, so none passes both.
 */
export function compileSource(context: QuickJSContext, source: string): Compiled {
  const compile = (text: string, compileOnly: boolean) =>
    context.evalCode(text, fileName, { type: 'global', strict: true, compileOnly });
  const declaration = `async function run(input) {\n${source}\n`;
  const read = compile(`${declaration}}`, true);
  if (read.error) {
    const isClosed = compile(declaration, true).error === undefined;
    return { error: read.error, ...(isClosed && closedEarly) };
  }
  const method = compile(`({ async run(input) {\n${source}\n} }).run`, false);
  return method.error ? { error: method.error, ...closedEarly } : { run: method.value };
}

const closedEarly = { message: "a '}' before this closes the code too early" };

export interface Position {
  /** Both from 1. */
  line: number;
  column: number;
  /** It is where the source ends: what is missing would have to come here. */
  isEnd: boolean;
}

/** Where in the user's source a stack trace begins; undefined for one that doesn't go through it. */
export function positionIn(stack: string, source: string): Position | undefined {
  const [, line, column] = /\bcode:(\d+):(\d+)/.exec(stack) ?? [];
  if (line === undefined) return undefined;
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const own = Number(line) - linesBefore;
  if (own > lines.length) return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, isEnd: true };
  return { line: Math.max(own, 1), column: Number(column), isEnd: false };
}
