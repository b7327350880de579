import assert from 'node:assert/strict';
import type { Caller } from '#runtime/caller.js';
import type { ShownRun } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { runOnce, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { manual, set, type TestNode } from './nodes.js';

const check: TestNode = { id: 'check', type: 'if', input: { condition: '{{ trigger.amount > 100 }}' } };
const join = (mode: string): TestNode => ({ id: 'join', type: 'join', input: { mode } });

describe('a run with branches', () => {
  let system: TestSystem;
  let caller: Caller;
  before(async () => {
    system = await workingSystem();
    ({ caller } = await buildOrganization(system.app));
  });

  it('takes one side of an if and skips the other, with what follows it', async () => {
    const definition = manual(
      [check, set('large', {}), set('small', {}), set('after_small', {})],
      'trigger > check',
      'check.true > large',
      'check.false > small',
      'small > after_small',
    );
    assert.deepEqual(stepStatuses(await run(definition, { amount: 101 })), {
      check: 'succeeded',
      large: 'succeeded',
      small: 'skipped',
      after_small: 'skipped',
    });
    assert.equal(stepOf(await run(definition, { amount: 100 }), 'after_small').status, 'succeeded');
  });

  it('fails where a condition turns out to be neither true nor false', async () => {
    const definition = manual(
      [{ ...check, input: { condition: '{{ trigger.amount }}' } }, set('a', {})],
      'trigger > check',
      'check.true > a',
    );
    const shown = await run(definition, { amount: 'many' });
    assert.equal(shown.status, 'failed');
    assert.equal(shown.error?.node, 'check');
    assert.match(shown.error?.message ?? '', /true or false/);
  });

  it('takes the first case of a switch that is true, else the default', async () => {
    const cases = [
      { name: 'urgent', when: "{{ trigger.word.contains('fire') }}" },
      { name: 'loud', when: "{{ trigger.word.contains('!') }}" },
    ];
    const definition = manual(
      [{ id: 'kind', type: 'switch', input: { cases } }, set('a', {}), set('b', {}), set('c', {})],
      'trigger > kind',
      'kind.urgent > a',
      'kind.loud > b',
      'kind.default > c',
    );
    const taken = async (word: string) => {
      const shown = await run(definition, { word });
      const ways = shown.steps.filter(({ nodeId, status }) => nodeId !== 'kind' && status === 'succeeded');
      return [stepOf(shown, 'kind').output, ways.map(({ nodeId }) => nodeId)];
    };
    assert.deepEqual(await taken('fire!'), [{ inline: { case: 'urgent' } }, ['a']]);
    assert.deepEqual(await taken('hey!'), [{ inline: { case: 'loud' } }, ['b']]);
    assert.deepEqual(await taken('well'), [{ inline: { case: 'default' } }, ['c']]);
  });

  it('keeps the types of computed values', async () => {
    const values = {
      number: '{{ trigger.n }}',
      sum: '{{ trigger.n + 1 }}',
      truth: '{{ trigger.n > 1.0 }}',
      list: '{{ trigger.items.map(i, i.name) }}',
      object: '{{ trigger.items[0] }}',
      nothing: '{{ trigger.nothing }}',
      text: 'n is {{ trigger.n }}',
      plain: 7,
      nested: { deep: ['{{ trigger.n }}', null, true] },
    };
    const shown = await run(manual([set('note', values)], 'trigger > note'), {
      n: 2.5,
      items: [{ name: 'a' }, { name: 'b' }],
      nothing: null,
    });
    assert.deepEqual(stepOf(shown, 'note').output, {
      inline: {
        number: 2.5,
        sum: 3.5,
        truth: true,
        list: ['a', 'b'],
        object: { name: 'a' },
        nothing: null,
        text: 'n is 2.5',
        plain: 7,
        nested: { deep: [2.5, null, true] },
      },
    });
  });

  it('sees nothing in a step that was skipped', async () => {
    const definition = manual(
      [check, set('large', { x: 1 }), join('any'), set('note', { x: '{{ steps.large.output == null }}' })],
      'trigger > check',
      'check.true > large',
      'large > join',
      'check.false > join',
      'join > note',
    );
    const small = await run(definition, { amount: 1 });
    assert.deepEqual(stepOf(small, 'note').output, { inline: { x: true } });
  });

  it('waits at a join for all branches, and goes on only if every one was taken', async () => {
    const definition = manual(
      [set('a', {}), set('b', {}), join('all'), set('after', {})],
      'trigger > a',
      'trigger > b',
      'a > join',
      'b > join',
      'join > after',
    );
    assert.equal(stepOf(await run(definition), 'after').status, 'succeeded');
    const halved = manual(
      [check, set('a', {}), set('b', {}), join('all'), set('after', {})],
      'trigger > check',
      'check.true > a',
      'check.false > b',
      'a > join',
      'b > join',
      'join > after',
    );
    assert.deepEqual(stepStatuses(await run(halved, { amount: 500 })), {
      check: 'succeeded',
      a: 'succeeded',
      b: 'skipped',
      join: 'skipped',
      after: 'skipped',
    });
  });

  it('goes on from a join of any kind once, after all branches that come', async () => {
    const definition = manual(
      [set('a', {}), pause('slow', '300ms'), join('any'), set('after', {})],
      'trigger > a',
      'trigger > slow',
      'a > join',
      'slow > join',
      'join > after',
    );
    const shown = await run(definition);
    assert.ok(finishedAt(shown, 'join') >= finishedAt(shown, 'slow'));
    assert.equal(stepOf(shown, 'after').status, 'succeeded');
  });

  const run = (definition: object, input: object = {}) => runOnce(system.app, caller, definition, input);
});

function pause(id: string, duration: string): TestNode {
  return { id, type: 'wait', input: { duration } };
}

function finishedAt(run: ShownRun, nodeId: string): number {
  return Date.parse(stepOf(run, nodeId).finishedAt ?? '');
}
