import assert from 'node:assert/strict';
import { createConnectorContext, runConnectorAction } from '#stack/vendors/connector-context.js';
import { code } from './index.js';
import { sharedPool } from './shared-pool.js';

describe('Code that tries to get out', () => {
  after(() => sharedPool.end());

  async function run(source: string, input?: unknown): Promise<unknown> {
    const context = createConnectorContext(code);
    const output = await runConnectorAction(code, 'code.run', context, { source, input });
    assert.ok(typeof output === 'object' && output !== null && 'value' in output);
    return output.value;
  }

  const attempts: Record<string, string> = {
    process: 'return process',
    require: 'return require("fs")',
    'this.constructor': 'return this.constructor.constructor("return process")()',
    'constructor of globalThis': 'return globalThis.constructor.constructor("return process")()',
    'constructor of a function': 'return (() => {}).constructor("return process")()',
    'constructor of the input': 'return input.constructor.constructor("return process")()',
    'constructor of console': 'return console.log.constructor("return process")()',
    'constructor of an async function': 'return await (async () => {}).constructor("return process")()',
    'constructor of a generator': 'return (function* () {}).constructor("return process")().next()',
    'constructor of an error':
      'try { null.x } catch (e) { return e.constructor.constructor("return process")() }',
    'Function and eval': 'return Function("return eval(\'process\')")()',
    'an indirect eval': 'return (0, eval)("process")',
    'import()': 'return await import("node:fs")',
    'import() of a path': 'return await import("/etc/passwd")',
    'import() in eval': 'return await eval("import(\'std\')")',
    'import of std': 'return std.getenv("PATH")',
    'import of os': 'return os.platform',
    'import.meta': 'return eval("import.meta")',
    'callers of a function': 'return (function f() { return f.caller })().constructor',
    'arguments.callee': 'return arguments.callee.caller',
    fetch: 'return fetch("http://127.0.0.1/")',
    XMLHttpRequest: 'return new XMLHttpRequest()',
    WebSocket: 'return new WebSocket("ws://127.0.0.1/")',
    Worker: 'return new Worker("x")',
    WebAssembly: 'return new WebAssembly.Memory({ initial: 1 })',
    setTimeout: 'return await new Promise((resolve) => setTimeout(resolve, 1))',
    queueMicrotask: 'queueMicrotask(() => {})',
    structuredClone: 'return structuredClone({})',
    Buffer: 'return Buffer.from("x")',
    global: 'return global',
    'a blocking wait': 'return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
  };
  for (const [name, source] of Object.entries(attempts)) {
    it(`finds nothing by ${name}`, async () => {
      await assert.rejects(run(source, {}), {
        code: 'code_failed',
        message: /^(Type|Reference|Syntax)Error: /,
      });
    });
  }

  it('finds the language and a console among the globals, and nothing of a host', async () => {
    const names = await run('return Object.getOwnPropertyNames(globalThis).sort()');
    assert.deepEqual(names, languageGlobals);
    const symbols = await run('return Object.getOwnPropertySymbols(globalThis).map(String)');
    assert.deepEqual(symbols, ['Symbol(Symbol.toStringTag)']);
    assert.deepEqual(await run('return Object.keys(console)'), ['log', 'info', 'warn', 'error', 'debug']);
  });

  it('sees nothing of the call but its input', async () => {
    assert.equal(await run('return arguments.length', {}), 1);
    assert.equal(await run('return typeof this'), 'undefined');
    assert.equal(await run('return typeof run'), 'undefined');
    assert.deepEqual(await run('return Object.keys(Object.getOwnPropertyDescriptors(input))', { a: 1 }), [
      'a',
    ]);
  });

  it('gives back __proto__, constructor and prototype as data', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const value = await run(`return JSON.parse('{"${key}":{"isAdmin":true}}')`);
      assert.ok(typeof value === 'object' && value !== null);
      assert.deepEqual(Object.getOwnPropertyNames(value), [key]);
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
      assert.ok(!('isAdmin' in value) && !('isAdmin' in {}));
    }
  });

  it('takes __proto__ in its input as data', async () => {
    const input: unknown = JSON.parse('{"__proto__":{"isAdmin":true}}');
    assert.deepEqual(await run('return [Object.keys(input), input.isAdmin === undefined]', input), [
      ['__proto__'],
      true,
    ]);
  });

  it('changes built-in objects for itself only', async () => {
    await run(`
      Object.prototype.polluted = 1; Array.prototype.push = () => { throw 1 };
      JSON.stringify = () => '{"isAdmin":true}'; Promise.prototype.then = undefined;
      String = Number = Error = Object = Function = undefined;
      return 1;
    `);
    assert.ok(!('polluted' in {}));
    assert.equal(await run('return JSON.stringify({}) + [].push(1) + typeof {}.polluted'), '{}1undefined');
  });

  it('gives back JSON whatever it does to what writes it', async () => {
    assert.equal(await run('JSON.stringify = () => "]["; return 1'), 1);
    assert.equal(await run('Object.prototype.toJSON = () => "mine"; return {}'), 'mine');
    assert.equal(await run('return { toJSON() { return undefined } }'), null);
    assert.deepEqual(await run('return new Proxy([1], {})'), [1]);
    assert.deepEqual(await run('return { get now() { return 1 } }'), { now: 1 });
    const tampering = `
      for (const type of [Object, Array, String, Function]) {
        for (const name of Object.getOwnPropertyNames(type.prototype)) {
          try { type.prototype[name] = () => { throw new Error('mine') } } catch {}
        }
      }
      Object.defineProperty(Object.prototype, 'level', { get: () => 99, set() {} });
      String.prototype[Symbol.replace] = () => 'replaced';
      console.log('x');
      return 'done';
    `;
    assert.equal(await run(tampering), 'done');
  });

  it('cannot end its function early and go on outside of it', async () => {
    const sources = [
      'return 1 } globalThis.x = 1; {',
      'return 1 }, async other() {',
      'return 1 }); (async function () {',
      'return 1 } [x] = { a: 1',
      'return 1 } }).run; ({ async run() {',
      '} /* */ async function other() {',
      '}',
      '{',
    ];
    for (const source of sources) {
      await assert.rejects(run(source), {
        code: 'validation',
        message: /^The code cannot be read: line 1, /,
      });
    }
    assert.equal(await run('return "}" // }'), '}');
    assert.equal(await run('return `}` /* { */'), '}');
  });
});

const languageGlobals = [
  'AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error',
  'EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array',
  'Int8Array InternalError Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError',
  'Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array',
  'Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet console decodeURI decodeURIComponent encodeURI',
  'encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape',
].flatMap((line) => line.split(' '));
