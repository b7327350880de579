import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createConnectorContext, runConnectorAction } from '#stack/vendors/connector-context.js';
import { code } from './index.js';
import { sharedPool } from './shared-pool.js';

describe('The limits of code', () => {
  after(() => sharedPool.end());

  function run(source: string, choices: Record<string, unknown> = {}): Promise<unknown> {
    return runConnectorAction(code, 'code.run', createConnectorContext(code), { source, ...choices });
  }

  const endless: Record<string, string> = {
    'a loop': 'for (;;);',
    'a loop that catches': 'for (;;) { try { for (;;); } catch {} }',
    'a loop in finally': 'try { for (;;); } finally { for (;;); }',
    'a loop of promises': 'for (;;) await null',
    'an awaited function that catches':
      'const f = async () => { for (;;); }; try { await f() } catch { for (;;); }',
    'a getter of the result': 'return { get x() { for (;;); } }',
    'toJSON of the result': 'return { toJSON() { for (;;); } }',
    'a getter of what is thrown': 'throw { get a() { for (;;); } }',
    'the message of an error': 'class E extends Error { get message() { for (;;); } } throw new E()',
    'a regular expression': 'return /^(a+)+b/.test("a".repeat(40))',
    'a thenable': 'await { then() { for (;;); } }',
  };
  for (const [name, source] of Object.entries(endless)) {
    it(`stop ${name}`, async () => {
      const message = 'The code took longer than its time limit of 200 ms';
      await assert.rejects(run(source, { timeoutMs: 200 }), { code: 'code_failed', message });
      assert.equal(sharedPool.threadCount(), 1, 'the interpreter stopped it; the thread lives on');
    });
  }

  it('stop what the interpreter does not see, by ending the thread', async () => {
    const message = 'The code took longer than its time limit of 100 ms';
    const source = '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)';
    await assert.rejects(run(source, { timeoutMs: 100 }), { code: 'code_failed', message });
    assert.deepEqual(await resultOf('return 1'), 1);
  });

  const bombs: Record<string, string> = {
    'an endless array': 'const a = []; for (;;) a.push([1, 2, 3])',
    'an endless list': 'globalThis.a = null; for (;;) a = { a }',
    'a text that doubles':
      'let s = "text"; const all = []; for (;;) { s = s + s.slice(0, 1e6); all.push(s + all.length) }',
    'one large buffer': 'return new Uint8Array(1e9).length',
    'many buffers': 'const a = []; for (;;) a.push(new ArrayBuffer(1e6))',
    'an error that is caught': 'let a = []; try { for (;;) a.push({}) } catch { a = null } return 1',
    'promises that pile up': 'const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f()',
  };
  for (const [name, source] of Object.entries(bombs)) {
    it(`hold ${name} to its memory`, async () => {
      const message = 'The code needed more than its memory limit of 16 MB';
      await assert.rejects(run(source, { memoryMb: 16, timeoutMs: 20_000 }), {
        code: 'code_failed',
        message,
      });
    });
  }

  it('hold the process to about the memory that a call may use', async () => {
    await run('return 1');
    const before = process.memoryUsage().rss;
    const source = 'const a = []; for (;;) a.push(new Array(1000).fill(1))';
    for (let call = 0; call < 20; call += 1) await assert.rejects(run(source), { code: 'code_failed' });
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
    assert.ok(grown < 300, `${grown} MB more after 20 calls that filled 32 MB each`);
  });

  it('let code use the memory that it may', async () => {
    const source = `const a = []; for (let n = 0; n < ${24 * 1024}; n += 1) a.push(new Uint8Array(1024).fill(1)); return a.length`;
    assert.equal(await resultOf(source, { memoryMb: 32 }), 24 * 1024);
    await assert.rejects(run(source, { memoryMb: 8 }), { code: 'code_failed' });
  });

  const deep: Record<string, string> = {
    recursion: 'const f = () => f(); f()',
    'recursion through getters': 'const o = { get x() { return this.x } }; o.x',
    'recursion through toString': 'const o = { toString() { return String(this) } }; return String(o)',
    'a deeply nested text': 'return JSON.parse("[".repeat(100_000) + "]".repeat(100_000))',
    'deeply nested source in eval': 'return eval("(".repeat(30_000) + ")".repeat(30_000))',
    'deeply nested source': `return ${'('.repeat(30_000)}${')'.repeat(30_000)}`,
    'a chain of proxies': 'let p = {}; for (let n = 0; n < 50_000; n += 1) p = new Proxy(p, {}); return p.x',
  };
  for (const [name, source] of Object.entries(deep)) {
    it(`stop ${name}`, async () => {
      const message = 'The code calls itself or is nested too deeply for its stack limit of 1 MB';
      await assert.rejects(run(source), { code: 'code_failed', message });
    });
  }

  it('let code recurse as deeply as ordinary code does', async () => {
    assert.equal(await resultOf('const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return f(4_000)'), 4_000);
  });

  it('refuse a result over 1 MB of UTF-8', async () => {
    const message = 'The result is larger than its limit of 1 MB as JSON';
    for (const source of ['return "x".repeat(2e6)', `return "é".repeat(${512 * 1024})`]) {
      await assert.rejects(run(source), { code: 'payload_too_large', message });
    }
    assert.equal(String(await resultOf(`return "x".repeat(${1024 * 1024 - 2})`)).length, 1024 * 1024 - 2);
  });

  it('refuse an input over 10 MB, or one that its memory cannot hold', async () => {
    const message = 'The input is larger than its limit of 10 MB as JSON';
    const input = 'x'.repeat(10 * 1024 * 1024);
    await assert.rejects(run('return 1', { input }), { code: 'payload_too_large', message });
    assert.equal(await resultOf('return input.length', { input: input.slice(2) }), input.length - 2);
    const outOfMemory = 'The code needed more than its memory limit of 8 MB';
    const many = Array.from({ length: 1_000_000 }, () => ({}));
    for (const large of [input.slice(2), many]) {
      const call = run('return 1', { input: large, memoryMb: 8 });
      await assert.rejects(call, { code: 'code_failed', message: outOfMemory });
    }
  });

  it('keep the thread alive under the most that a result and the console may hold', async () => {
    const arrays = `return JSON.parse('[' + Array(${349_000}).fill('[]').join() + ']')`;
    assert.equal(Object.keys(Object(await resultOf(arrays, { memoryMb: 128 }))).length, 349_000);
    const flood =
      'const s = "\\u4e16".repeat(1e6); for (;;) { console.log(s, s, [s, s]); if (!s) break; throw new Error(s) }';
    await assert.rejects(run(flood, { memoryMb: 128 }), { code: 'code_failed' });
  });

  it('refuse to wait for a promise that nothing settles', async () => {
    const message = /^The code waits for a promise that nothing settles/;
    await assert.rejects(run('await new Promise(() => {})'), { code: 'code_failed', message });
  });

  it('keep the event loop of the process free', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    await run('return 1');
    delay.enable();
    const stopped = [1, 2].map(() => run('for (;;);', { timeoutMs: 1_000 }));
    for (const one of stopped) await assert.rejects(one, { code: 'code_failed' });
    delay.disable();
    assert.ok(delay.max / 1e6 < 500, `the loop stood still for ${delay.max / 1e6} ms`);
  });

  async function resultOf(source: string, choices: Record<string, unknown> = {}): Promise<unknown> {
    const output = await run(source, choices);
    assert.ok(typeof output === 'object' && output !== null && 'value' in output);
    return output.value;
  }
});
