import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError, type ErrorCode } from '#core/errors.js';
import { createConnectorContext, runConnectorAction } from '#stack/vendors/connector-context.js';
import { code } from './index.js';
import { ConsoleLine } from './job.js';
import { sharedPool } from './shared-pool.js';

const Output = z.object({ value: z.unknown(), console: z.array(ConsoleLine), ms: z.number() });

describe('Code', () => {
  after(() => sharedPool.end());

  async function run(source: string, choices: Record<string, unknown> = {}) {
    const context = createConnectorContext(code);
    return Output.parse(await runConnectorAction(code, 'code.run', context, { source, ...choices }));
  }

  async function resultOf(source: string, input?: unknown): Promise<unknown> {
    return (await run(source, { input })).value;
  }

  async function fails(source: string, message: RegExp | string, choices: Record<string, unknown> = {}) {
    await rejects(run(source, choices), 'code_failed', message);
  }

  describe('values', () => {
    const values: unknown[] = [
      null,
      true,
      false,
      0,
      -1.5e300,
      '',
      'Grüße, 世界, 😀, \u2028, "quoted" \\ and\nlines\t',
      [],
      {},
      [1, [2, [3, { four: null }]]],
      { 'ключ 🔑': 'значение', '': 1, '0': 'zero', constructor: 'mine', toString: 2 },
    ];
    for (const value of values) {
      it(`takes and gives back ${JSON.stringify(value)}`, async () => {
        assert.deepEqual(await resultOf('return input', value), value);
        assert.deepEqual(await resultOf(`return ${JSON.stringify(value)}`), value);
      });
    }

    it('computes from its input, with await, Date and Math.random', async () => {
      assert.equal(await resultOf('return input.a + (await Promise.resolve(input.b))', { a: 40, b: 2 }), 42);
      assert.deepEqual(await resultOf('return (await Promise.all([1, 2].map(async (n) => n * n)))'), [1, 4]);
      const now = await resultOf('return Date.now()');
      assert.ok(typeof now === 'number' && Math.abs(now - Date.now()) < 10_000);
      const random = await resultOf('return [Math.random(), Math.random()]');
      assert.ok(
        Array.isArray(random) && random[0] !== random[1] && random.every((one) => one >= 0 && one < 1),
      );
    });

    it('makes null of nothing: no return, no input, undefined', async () => {
      assert.equal(await resultOf('let a = 1'), null);
      assert.equal(await resultOf('return input'), null);
      assert.equal(await resultOf('return undefined'), null);
    });

    it('writes what is not JSON as JSON.stringify does', async () => {
      assert.deepEqual(await resultOf('return [NaN, Infinity, undefined, () => 1, Symbol("s")]'), [
        null,
        null,
        null,
        null,
        null,
      ]);
      assert.deepEqual(
        await resultOf('return { u: undefined, f() {}, d: new Date(0), m: new Map([[1, 2]]) }'),
        {
          d: '1970-01-01T00:00:00.000Z',
          m: {},
        },
      );
      assert.equal(await resultOf('return () => 1'), null);
    });

    it('refuses BigInt, cycles, deep nesting and text that cannot be stored', async () => {
      await fails('return 5n', /^TypeError: .*BigInt/);
      await fails('const a = {}; a.a = a; return a', /^TypeError: circular reference/);
      await fails(nested(65), 'The result is nested deeper than 64 levels');
      assert.ok(Array.isArray(await resultOf(nested(64))));
      for (const text of ['\\0', '\\ud800', 'a\\udc00']) {
        await fails(`return ["${text}"]`, /must not hold the NUL character/);
        await fails(`return { "${text}": 1 }`, /must not hold the NUL character/);
      }
    });

    it('refuses source and input that it cannot take', async () => {
      const tooLong = `return 1 //${'é'.repeat(32 * 1024)}`;
      await assert.rejects(run(tooLong), { name: 'ZodError' });
      for (const wrong of [{ timeoutMs: 0 }, { timeoutMs: 60_001 }, { memoryMb: 7 }, { memoryMb: 129 }]) {
        await assert.rejects(run('return 1', wrong), { name: 'ZodError' });
      }
      await rejects(run('return 1', { input: 5n }), 'validation', 'The input of the code is not JSON');
    });

    it('begins each call anew', async () => {
      await run('globalThis.left = 1; Array.prototype.left = 1; Object.freeze(Promise)');
      assert.equal(await resultOf('return typeof left + typeof [].left'), 'undefinedundefined');
    });
  });

  describe('console', () => {
    it('keeps what was written, by level', async () => {
      const { console } = await run(`
        console.log('a', 1, { b: [2] }, undefined, null, 5n, Symbol('s'), new TypeError('t'));
        console.info('Grüße'); console.warn(); console.error('e'); console.debug('nul \\0');
      `);
      assert.deepEqual(console, [
        { level: 'log', text: 'a 1 {"b":[2]} undefined null 5 Symbol(s) TypeError: t' },
        { level: 'info', text: 'Grüße' },
        { level: 'warn', text: '' },
        { level: 'error', text: 'e' },
        { level: 'log', text: 'nul \ufffd' },
      ]);
    });

    it('shows what throws when it is looked at', async () => {
      const { console } = await run(`
        const cycle = {}; cycle.self = cycle;
        console.log(cycle, { toJSON() { throw 1 } }, new Proxy({}, { getPrototypeOf() { throw 1 } }));
      `);
      const hidden = '[a value that cannot be shown]';
      assert.deepEqual(console, [{ level: 'log', text: `${hidden} ${hidden} {}` }]);
    });

    it('cuts after 200 lines, with a note', async () => {
      const { console } = await run('for (let n = 0; n < 200; n += 1) console.log(n)');
      assert.equal(console.length, 200);
      const cut = await run('for (let n = 0; n < 100_000; n += 1) console.log(n)');
      assert.equal(cut.console.length, 201);
      assert.equal(cut.console[199]?.text, '199');
      assert.match(cut.console[200]?.text ?? '', /^The rest was cut: at most 200 lines and 64 KB/);
    });

    it('cuts what writing itself writes', async () => {
      const { console } = await run(`
        const text = 'x'.repeat(30_000);
        const nest = (n) => ({ toJSON() { if (n > 0) console.log(nest(n - 1)); return text } });
        console.log(nest(500));
      `);
      assert.deepEqual(console.map((line) => line.text.length).slice(0, 3), [
        30_002,
        30_002,
        64 * 1024 - 60_004,
      ]);
      assert.equal(console.length, 4);
    });

    it('cuts after 64 KB of UTF-8, between characters, with a note', async () => {
      const { console } = await run('console.log("x"); console.log("é".repeat(100_000)); console.log("y")');
      assert.equal(console.length, 3);
      assert.equal(console[1]?.text, 'é'.repeat(32 * 1024 - 1));
      assert.match(console[2]?.text ?? '', /^The rest was cut/);
      const exact = await run(`console.log("x".repeat(${64 * 1024}))`);
      assert.equal(exact.console.length, 1);
    });
  });

  describe('errors', () => {
    it('tell name, message and place in the source', async () => {
      await fails('const a = 1;\n\n  null.foo()', /^TypeError: .*'foo' of null \(line 3, column \d+\)$/);
      await fails('throw new RangeError("no")', /^RangeError: no \(line 1, column \d+\)$/);
      await fails('await (async () => {\nthrow new Error("later")\n})()', /^Error: later \(line 2, /);
      await fails('missing', /^ReferenceError: 'missing' is not defined \(line 1, column 1\)$/);
      await fails('x = 1', /^ReferenceError/);
    });

    it('tell what was thrown that is no error', async () => {
      await fails('throw "text"', 'The code threw text');
      await fails('throw null', 'The code threw null');
      await fails('throw { a: 1 }', 'The code threw {"a":1}');
      await fails('await Promise.reject()', 'The code threw undefined');
    });

    it('are cut to 1,000 characters that can be stored', async () => {
      for (const text of ['é'.repeat(5000), '😀'.repeat(5000), '\\0\\ud800'.repeat(3000)]) {
        await assert.rejects(run(`throw new Error("${text}")`), (error: AppError) => {
          assert.equal(error.code, 'code_failed');
          assert.ok(error.message.length <= 1000 && error.message.length > 990, `${error.message.length}`);
          assert.ok(!/\0|\p{Surrogate}/u.test(error.message));
          return /… \(line 1, column \d+\)$/.test(error.message);
        });
      }
    });

    it('never tell anything of the host', async () => {
      const stack = await resultOf(
        'return new Error("x").stack + (() => { try { null.x } catch (e) { return e.stack } })()',
      );
      assert.ok(typeof stack === 'string' && !/[/\\]|node|wasm|file:/.test(stack), String(stack));
    });

    it('point at a syntax error', async () => {
      await assert.rejects(run('let a = 1;\nlet b = ;\nreturn a'), (error: AppError) => {
        assert.equal(error.code, 'validation');
        assert.equal(error.issues[0]?.path, 'source');
        return error.issues[0]?.message.startsWith('line 2, column 9: ');
      });
    });
  });

  function nested(levels: number): string {
    return `let a = []; for (let n = 1; n < ${levels}; n += 1) a = [a]; return a`;
  }
});

async function rejects(
  promise: Promise<unknown>,
  errorCode: ErrorCode,
  message: RegExp | string,
): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, errorCode);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}
