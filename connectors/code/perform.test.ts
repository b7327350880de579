import assert from 'node:assert/strict';
import { z } from 'zod';
import { isPermitted } from '#core/permission.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { chain } from '#test/builders/build-automation.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { runOnce, stepOf } from '#test/builders/watch-runs.js';
import { type TestSystem, workingSystem } from '#test/system.js';
import { sharedPool } from './shared-pool.js';

const Output = z.object({ value: z.unknown() });

describe('Code through the one door', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;

  before(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
  });
  after(() => sharedPool.end());

  function run(input: object, options = {}): Promise<unknown> {
    return system.app.perform(organization.caller, 'code.run', input, options);
  }

  it('gives what it returns, without a connection', async () => {
    const output = await run({ source: 'return { sum: input.a + input.b }', input: { a: 1, b: 2 } });
    assert.deepEqual(Output.parse(output).value, { sum: 3 });
  });

  it('gives the result of the first call for the same key', async () => {
    const options = { idempotencyKey: 'code-once' };
    const input = { source: 'return [Math.random(), JSON.parse(\'{"__proto__":{"a":1}}\')]' };
    const first = await run(input, options);
    assert.deepEqual(await run(input, options), first);
  });

  it('tells failures by their codes', async () => {
    await assertRefused(run({ source: 'throw new Error("no")' }), 'code_failed');
    await assertRefused(run({ source: 'return "x".repeat(2e6)' }), 'payload_too_large');
    await assertRefused(run({ source: 'return (' }), 'validation', 'source');
    await assertRefused(run({ source: '' }), 'validation', 'source');
  });

  it('ends with the time and the cancellation of its step', async () => {
    const endless = { source: 'for (;;);', timeoutMs: 60_000 };
    await assertRefused(run(endless, { timeoutMs: 200 }), 'provider_unavailable');
    const controller = new AbortController();
    const call = run(endless, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('cancelled')));
    await assert.rejects(call, { message: 'cancelled' });
  });

  it('is for owners, admins and managers', async () => {
    for (const role of ['admin', 'manager']) {
      const { caller } = await buildMember(system.app, organization, role);
      assert.ok(await system.app.perform(caller, 'code.run', { source: 'return 1' }));
    }
    for (const role of ['member', 'guest']) {
      const { caller } = await buildMember(system.app, organization, role);
      await assertRefused(system.app.perform(caller, 'code.run', { source: 'return 1' }), 'forbidden');
    }
    assert.ok(isPermitted(['code:*'], 'code:run'));
  });

  it('is a step of an automation, whose value later steps read', async () => {
    const source = 'console.log("Grüße"); return { list: input.map((n) => n * 2), text: "ü😀" }';
    const steps = [
      { id: 'double', type: 'code', input: { source, input: [1, 2] } },
      { id: 'read', type: 'set', input: { values: { first: '{{ steps.double.output.value.list[1] }}' } } },
    ];
    const { caller } = organization;
    const ended = await runOnce(system.app, caller, chain({ type: 'manual' }, steps));
    assert.equal(ended.status, 'succeeded', JSON.stringify(ended.error));
    assert.deepEqual(stepOf(ended, 'read').output, { inline: { first: 4 } });
  });

  it('fails a run at once, with the place in the code', async () => {
    const failing = [{ id: 'fail', type: 'code', input: { source: '\nthrow new Error("\\0")' } }];
    const { caller } = organization;
    const ended = await runOnce(system.app, caller, chain({ type: 'manual' }, failing));
    assert.equal(ended.status, 'failed');
    assert.equal(stepOf(ended, 'fail').attempts, 1);
    assert.match(stepOf(ended, 'fail').error?.message ?? '', /^Error: \ufffd \(line 2, column \d+\)$/);
  });
});
