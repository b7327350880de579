import assert from 'node:assert/strict';
import { z } from 'zod';
import { set } from '../automation/nodes.js';
import { buildAutomation, chain, getRun } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { runThat, startedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { respond } from '../ingress/webhook-automation.js';
import { buildKey, connectMcp, revisions } from './mcp-client.js';

const WithRun = z.looseObject({ runId: z.uuid(), code: z.string().optional() });

describe('an automation that an MCP client runs', () => {
  let first: ServedSystem;
  let second: ServedSystem;
  let acme: BuiltOrganization;
  let key: string;
  before(async () => {
    first = await serveSystem({ limits: { waitingPerOrganization: 1 } });
    second = await serveSystem({ limits: { waitingPerOrganization: 1 } });
    acme = await buildOrganization(first.app);
    ({ key } = await buildKey(first.app, acme.caller, ['automations:*', 'runs:*']));
  });

  const build = async (nodes: Parameters<typeof chain>[1]) =>
    (await buildAutomation(first.app, acme.caller, chain({ type: 'api' }, nodes))).id;
  const resting = () => build([{ id: 'rest', type: 'wait', input: { duration: '60s' } }]);

  for (const revision of revisions) {
    describe(`in the revision with ${revision}`, () => {
      it('tells of its steps as they end, and gives its result', async () => {
        const id = await build([
          set('one', { a: 1 }),
          { id: 'rest', type: 'wait', input: { duration: '1s' } },
          respond('answer', { body: { twice: '{{ trigger.n * 2 }}' } }),
        ]);
        const client = await connectMcp(first.address, key, revision);
        const progress: [number, string | undefined][] = [];
        const result = await client.callTool(
          { name: 'automations_run', arguments: { id, input: { n: 21 }, wait: true } },
          { onprogress: ({ progress: ended, message }) => progress.push([ended, message]) },
        );
        assert.equal(result.isError, undefined);
        const { status, body } = z
          .looseObject({ status: z.number(), body: z.unknown() })
          .parse(result.structuredContent);
        assert.deepEqual([status, body], [200, { twice: 42 }]);
        assert.ok(progress.length > 0, 'some progress');
        assert.deepEqual(progress[0], [1, 'one succeeded']);
        const counts = progress.map(([ended]) => ended);
        assert.deepEqual(
          counts,
          counts.toSorted((a, b) => a - b),
        );
        await client.close();
      });

      it('is waited for no longer when the client cancels, and goes on', async () => {
        const id = await resting();
        const client = await connectMcp(first.address, key, revision);
        const cancelled = new AbortController();
        const call = client.callTool(
          { name: 'automations_run', arguments: { id, wait: true } },
          { signal: cancelled.signal },
        );
        const [runId = ''] = await startedRuns(first.app, acme.caller, id);
        await runThat(first.app, acme.caller, runId, 'the run waits', ({ status }) => status === 'waiting');
        const busy = await client.callTool({ name: 'automations_run', arguments: { id, wait: true } });
        assert.equal(
          z.looseObject({ code: z.string() }).parse(busy.structuredContent).code,
          'limit_exceeded',
        );
        cancelled.abort();
        await assert.rejects(call);
        const quick = await build([set('one', {})]);
        await eventually(
          'its place is free',
          async () => {
            const next = await client.callTool({
              name: 'automations_run',
              arguments: { id: quick, wait: true },
            });
            return next.isError ? undefined : next;
          },
          5_000,
        );
        assert.equal((await getRun(first.app, acme.caller, runId)).status, 'waiting');
        await client.close();
      });

      it('ends with the call where the client asks for that', async () => {
        const id = await resting();
        const client = await connectMcp(first.address, key, revision);
        const cancelled = new AbortController();
        const call = client.callTool(
          {
            name: 'automations_run',
            arguments: { id, wait: true },
            _meta: { 'worksynapse/cancelRun': true },
          },
          { signal: cancelled.signal },
        );
        const [runId = ''] = await startedRuns(first.app, acme.caller, id);
        await runThat(first.app, acme.caller, runId, 'the run waits', ({ status }) => status === 'waiting');
        cancelled.abort();
        await assert.rejects(call);
        await runThat(
          first.app,
          acme.caller,
          runId,
          'the run is cancelled',
          ({ status }) => status === 'cancelled',
        );
        await client.close();
      });
    });
  }

  it('is cancelled by a message that another process gets', async () => {
    const id = await resting();
    const client = await connectMcp(first.address, key, 'sessions', {
      fetch: (url, init) => {
        const isCancelled = String(init?.body).includes('notifications/cancelled');
        return fetch(isCancelled ? `${second.address}/mcp` : url, init);
      },
    });
    const cancelled = new AbortController();
    const call = client.callTool(
      { name: 'automations_run', arguments: { id, wait: true }, _meta: { 'worksynapse/cancelRun': true } },
      { signal: cancelled.signal },
    );
    const [runId = ''] = await startedRuns(first.app, acme.caller, id);
    await runThat(first.app, acme.caller, runId, 'the run waits', ({ status }) => status === 'waiting');
    cancelled.abort();
    await assert.rejects(call);
    await runThat(
      first.app,
      acme.caller,
      runId,
      'the run is cancelled',
      ({ status }) => status === 'cancelled',
    );
    await client.close();
  });

  it('is an error with the id of the run when it fails, or takes too long', async () => {
    const client = await connectMcp(second.address, key);
    const failing = await build([{ id: 'end', type: 'stop', input: { status: 'failed' } }]);
    const failed = await client.callTool({ name: 'automations_run', arguments: { id: failing, wait: true } });
    assert.equal(failed.isError, true);
    const { runId, code } = WithRun.parse(failed.structuredContent);
    assert.equal(code, 'run_failed');
    assert.equal((await getRun(first.app, acme.caller, runId)).status, 'failed');
    const late = await client.callTool({
      name: 'automations_run',
      arguments: { id: await resting(), wait: true, timeout: 1 },
    });
    assert.deepEqual([late.isError, WithRun.parse(late.structuredContent).code], [true, 'run_unfinished']);
    const started = await client.callTool({ name: 'automations_run', arguments: { id: failing } });
    assert.equal(started.isError, undefined);
    await client.close();
  });
});
