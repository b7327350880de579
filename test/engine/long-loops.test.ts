import assert from 'node:assert/strict';
import { z } from 'zod';
import { unpackValue } from '#runtime/packing.js';
import { edges, set, type TestNode } from '../automation/nodes.js';
import { buildAutomation, type ShownRun } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRun, runOnce, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { readHistory } from '../history/stored-history.js';
import { type TestSystem, workingSystem } from '../system.js';

const Output = z.object({
  count: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  results: z.array(z.unknown()),
  errors: z.array(z.object({ index: z.number(), error: z.looseObject({ code: z.string() }) })),
});

describe('a loop over a long list', function () {
  this.timeout(120_000);
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
  });

  const loop = (input: object, more: object = {}): TestNode => ({ id: 'each', type: 'loop', input, ...more });
  const define = (nodes: readonly TestNode[], ...between: readonly string[]) => ({
    name: 'Long',
    trigger: { type: 'manual' },
    nodes,
    edges: edges(...between),
  });
  const run = (definition: object, input: object) =>
    runOnce(system.app, organization.caller, definition, input);

  async function outputOf(shown: ShownRun): Promise<z.output<typeof Output>> {
    const { output } = stepOf(shown, 'each');
    assert.ok(output, 'it has an output');
    return Output.parse(await unpackValue(system.app.services.files(organization.orgId), output));
  }

  async function countSteps(id: string, filter: object): Promise<number> {
    const Page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });
    let count = 0;
    let cursor: string | null = null;
    do {
      const asked = { id, limit: 200, ...filter, ...(cursor !== null && { cursor }) };
      const page = Page.parse(await system.app.perform(organization.caller, 'runs.list_steps', asked));
      count += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    return count;
  }

  it('goes through workflows of its own, window by window, and keeps results and order', async () => {
    const numbers = Array.from({ length: 1_203 }, (_, index) => index);
    const shown = await run(
      define(
        [
          loop({ items: '{{ trigger.numbers }}', result: '{{ steps.twice.output.value }}' }),
          set('twice', { value: '{{ item * 2 }}' }),
          set('after', { count: '{{ steps.each.output.count }}' }),
        ],
        'trigger > each',
        'each.body > twice',
        'each.done > after',
      ),
      { numbers },
    );
    assert.equal(shown.status, 'succeeded');
    const output = await outputOf(shown);
    assert.deepEqual(
      output.results,
      numbers.map((number) => number * 2),
    );
    assert.deepEqual([output.count, output.succeeded, output.failed], [1_203, 1_203, 0]);
    assert.deepEqual(stepOf(shown, 'after').output, { inline: { count: 1_203 } });
    assert.equal(await countSteps(shown.id, { nodeId: 'twice', status: 'succeeded' }), 1_203);
  });

  it('collects the errors of all windows, with the place of each', async () => {
    const items = Array.from({ length: 1_100 }, (_, index) => (index % 550 === 499 ? 'bad' : index));
    const shown = await run(
      define(
        [
          loop(
            { items: '{{ trigger.items }}', result: '{{ steps.next.output.value }}' },
            { onItemError: 'collect', concurrency: 7 },
          ),
          set('next', { value: '{{ item + 1 }}' }),
        ],
        'trigger > each',
        'each.body > next',
      ),
      { items },
    );
    const output = await outputOf(shown);
    assert.deepEqual([output.succeeded, output.failed, output.results.length], [1_098, 2, 1_098]);
    assert.deepEqual(
      output.errors.map(({ index, error }) => [index, error.code, error.node]),
      [
        [499, 'validation', 'next'],
        [1_049, 'validation', 'next'],
      ],
    );
  });

  it('reads large items one by one, and what was computed before the loop', async () => {
    const text = (index: number) => `${index} ${'x'.repeat(20_000)}`;
    const items = Array.from({ length: 30 }, (_, index) => ({ text: text(index) }));
    const shown = await run(
      define(
        [
          set('before', { greeting: 'Hi', large: '{{ trigger.items[0].text }}' }),
          loop({ items: '{{ trigger.items }}', result: '{{ steps.size.output.value }}' }),
          set('size', {
            value:
              '{{ steps.before.output.greeting + " " + string(size(item.text) + size(steps.before.output.large)) }}',
          }),
        ],
        'trigger > before',
        'before > each',
        'each.body > size',
      ),
      { items },
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    const sizes = items.map(({ text: own }) => `Hi ${own.length + text(0).length}`);
    assert.deepEqual((await outputOf(shown)).results, sizes);
  });

  it('leaves no payload over 16 KB in any history, and ends each workflow that it began', async () => {
    const items = Array.from({ length: 1_400 }, (_, index) => `item ${index} ${'y'.repeat(100)}`);
    const shown = await run(
      define(
        [loop({ items: '{{ trigger.items }}', result: '{{ item }}' }), set('noop', { v: '{{ index }}' })],
        'trigger > each',
        'each.body > noop',
      ),
      { items },
    );
    const own = `org/${organization.orgId}/runs/${shown.id}`;
    const windows = [0, 1_000].map((from) => `org/${organization.orgId}/loops/${shown.id}/each#${from}`);
    for (const workflowId of [own, ...windows]) {
      const { payloads, raw } = await readHistory(system, workflowId);
      assert.ok(payloads.length > 0, 'it has payloads');
      assert.ok(Math.max(...payloads.map(({ length }) => length)) <= 16 * 1024, workflowId);
      assert.ok(raw.events.length < 100, `${workflowId} has ${raw.events.length} events`);
    }
  });

  it('records what its passes give, however large, also beside work that takes long', async () => {
    const text = 'x'.repeat(13_000);
    const items = Array.from({ length: 200 }, (_, index) => index);
    const shown = await run(
      define(
        [
          loop({ items: '{{ trigger.items }}', result: '{{ steps.copy.output.v + string(index) }}' }),
          set('copy', { v: '{{ trigger.text }}' }),
          set('long', { v: '{{ trigger.items.map(n, trigger.text) }}' }),
          { id: 'pause', type: 'wait', input: { duration: '1s' } },
        ],
        'trigger > each',
        'each.body > copy',
        'trigger > pause',
        'trigger > long',
      ),
      { items, text },
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    assert.deepEqual(
      (await outputOf(shown)).results,
      items.map((index) => `${text}${index}`),
    );
    assert.equal(await countSteps(shown.id, { nodeId: 'copy', status: 'succeeded' }), items.length);
    const { payloads } = await readHistory(system, `org/${organization.orgId}/runs/${shown.id}`);
    assert.ok(Math.max(...payloads.map(({ length }) => length)) <= 16 * 1024);
  });

  it('ends with its run when that is cancelled, in whatever window it is', async () => {
    const { app } = system;
    const items = Array.from({ length: 1_100 }, (_, index) => index);
    const definition = define(
      [
        loop({ items: '{{ trigger.items }}' }),
        { id: 'is_late', type: 'if', input: { condition: '{{ item == 1050 }}' } },
        { id: 'pause', type: 'wait', input: { duration: '1h' } },
      ],
      'trigger > each',
      'each.body > is_late',
      'is_late.true > pause',
    );
    const { id } = await buildAutomation(app, organization.caller, definition);
    const runId = await startRun(app, organization.caller, id, { items });
    await runThat(app, organization.caller, runId, 'the run waits', ({ status }) => status === 'waiting');
    await app.perform(organization.caller, 'runs.cancel', { id: runId });
    const shown = await finishedRun(app, organization.caller, runId);
    assert.equal(shown.status, 'cancelled');
    assert.equal(stepOf(shown, 'each').status, 'cancelled');
    assert.equal(await countSteps(runId, { nodeId: 'pause', within: '1050', status: 'cancelled' }), 1);
  });
});
