import assert from 'node:assert/strict';
import { eventually } from '#test/eventually.js';
import type { RunJob } from './job.js';
import { createThreadPool, type ThreadPool } from './thread-pool.js';

describe('The threads for code', () => {
  let pool: ThreadPool;

  beforeEach(() => {
    pool = createThreadPool({ size: 2, idleMs: 60_000 });
  });
  afterEach(() => pool.end());

  function job(source: string, choices: Partial<RunJob> = {}): RunJob {
    return { kind: 'run', source, input: 'null', timeoutMs: 5_000, memoryMb: 32, ...choices };
  }

  async function resultOf(source: string, choices: Partial<RunJob> = {}): Promise<unknown> {
    const outcome = await pool.run(job(source, choices));
    assert.equal(outcome.kind, 'returned');
    return outcome.kind === 'returned' ? JSON.parse(outcome.json) : undefined;
  }

  it('are started when needed and no more than there may be', async () => {
    assert.equal(pool.threadCount(), 0);
    assert.equal(await resultOf('return 1'), 1);
    assert.equal(pool.threadCount(), 1);
    const inputs = Array.from({ length: 20 }, (_, index) => String(index));
    const values = await Promise.all(inputs.map((input) => resultOf('return input * 2', { input })));
    assert.deepEqual(
      values,
      inputs.map((input) => Number(input) * 2),
    );
    assert.equal(pool.threadCount(), 2);
  });

  it('work at the same time, so that one endless call holds nobody up', async () => {
    const endless = pool.run(job('for (;;);', { timeoutMs: 2_000 }));
    assert.equal(await Promise.race([resultOf('return 1'), endless]), 1);
    assert.equal((await endless).kind, 'failed');
  });

  it('end when they were idle for a while, and come back', async () => {
    const brief = createThreadPool({ size: 2, idleMs: 20 });
    await Promise.all([brief.run(job('return 1')), brief.run(job('return 1'))]);
    await eventually('the threads are gone', () => (brief.threadCount() === 0 ? true : undefined));
    assert.equal((await brief.run(job('return 1'))).kind, 'returned');
    await brief.end();
  });

  it('end with the call that is cancelled, at once', async () => {
    const cancelled = new Error('cancelled');
    for (const source of ['for (;;);', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)']) {
      const controller = new AbortController();
      const call = pool.run(job(source, { timeoutMs: 60_000 }), controller.signal);
      await eventually('it runs', () => (pool.threadCount() === 1 ? true : undefined));
      const began = performance.now();
      controller.abort(cancelled);
      await assert.rejects(call, cancelled);
      assert.ok(performance.now() - began < 1_000);
      assert.equal(pool.threadCount(), 0);
    }
    assert.equal(await resultOf('return 1'), 1);
  });

  it('never take up a call that was cancelled before its turn', async () => {
    const controller = new AbortController();
    const busy = [1, 2].map(() => pool.run(job('for (;;);', { timeoutMs: 300 })));
    const call = pool.run(job('return 1'), controller.signal);
    const next = pool.run(job('return 2'));
    controller.abort(new Error('cancelled'));
    await assert.rejects(call, { message: 'cancelled' });
    await assert.rejects(pool.run(job('return 1'), AbortSignal.abort(new Error('before'))), {
      message: 'before',
    });
    assert.equal((await next).kind, 'returned');
    await Promise.all(busy);
  });

  it('are replaced when they die', async () => {
    // More than WebAssembly can address: no sandbox can be opened, which no answer is for.
    const deadly = job('return 1', { memoryMb: 1_000_000 });
    await assert.rejects(pool.run(deadly), { name: 'RangeError' });
    assert.equal(pool.threadCount(), 0);
    assert.equal(await resultOf('return 1'), 1);
  });

  it('are replaced when a call outlives its time limit unseen by the interpreter', async () => {
    const call = pool.run(job('[].indexOf.call({ length: 2 ** 53 - 1 }, 1)', { timeoutMs: 50 }));
    await assert.rejects(call, { code: 'code_failed', message: /time limit of 50 ms$/ });
    assert.equal(pool.threadCount(), 0);
    assert.equal(await resultOf('return 1'), 1);
  });
});
