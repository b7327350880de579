import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError, type ErrorIssue } from '../errors.js';
import { defineEvent } from '../event.js';
import { type CompileContext, compileAutomation } from './compile.js';
import { AutomationDefinition } from './definition.js';

const Order = z.object({ id: z.string(), total: z.number(), lines: z.array(z.object({ sku: z.string() })) });
const placed = defineEvent({
  type: 'order.placed',
  title: 'Placed',
  description: '',
  payload: z.object({ orders: z.array(Order), wanted: z.number(), title: z.string() }),
});
const context: CompileContext = {
  triggers: new Map(),
  events: new Map([[placed.type, placed]]),
  actions: new Map(),
  connections: new Map(),
  nowMs: 0,
  mayUse: () => true,
};
const items = '{{ trigger.orders }}';

interface Node {
  id: string;
  type: string;
  input: object;
}

function compile(...nodes: readonly Node[]) {
  const ids = ['trigger', ...nodes.map(({ id }) => id)];
  const definition = AutomationDefinition.parse({
    name: 'Test',
    trigger: { type: 'event', input: { event: placed.type } },
    nodes,
    edges: nodes.map(({ id }, index) => ({ source: ids[index], target: id })),
  });
  return compileAutomation(definition, context).plan;
}

function issuesOf(...nodes: readonly Node[]): readonly ErrorIssue[] {
  try {
    compile(...nodes);
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error.issues;
  }
  return [];
}

function refuses(type: string, input: object, path: string, message: RegExp): void {
  const [issue] = issuesOf({ id: 'data', type, input });
  assert.ok(issue, `${type} ${JSON.stringify(input)} is refused`);
  assert.equal(issue.path, `nodes.0.${path}`);
  assert.match(issue.message, message);
}

describe('publishing data nodes', () => {
  it('checks what is evaluated for each item against the items of the list', () => {
    refuses('filter', { items, keep: '{{ item.totel > 1 }}' }, 'input.keep', /No such key: totel/);
    refuses('filter', { items, keep: '{{ item.total }}' }, 'input.keep', /must be boolean, but is number/);
    refuses('filter', { items, keep: '{{ index + item.id > 1 }}' }, 'input.keep', /no such overload/);
    refuses('sort', { items, by: [{ key: '{{ item.nam }}' }] }, 'input.by.0.key', /No such key: nam/);
    refuses('dedupe', { items, by: '{{ item.nam }}' }, 'input.by', /No such key: nam/);
    refuses('pick', { items, fields: { a: '{{ item.nam }}' } }, 'input.fields.a', /No such key: nam/);
    const sum = { s: { function: 'sum', of: '{{ item.id }}' } };
    refuses('aggregate', { items, values: sum }, 'input.values.s.of', /must be number, but is string/);
    refuses(
      'aggregate',
      { items, groupBy: { k: '{{ item.x }}' }, values: {} },
      'input.groupBy.k',
      /No such key/,
    );
    const merge = { left: items, right: '{{ trigger.orders }}', mode: 'inner' };
    refuses('merge', { ...merge, by: '{{ item.x }}' }, 'input.by', /No such key: x/);
    refuses('merge', { ...merge, by: '{{ item.id }}', rightBy: '{{ item.y }}' }, 'input.rightBy', /y/);
  });

  it('takes what fits', () => {
    const fitting: [string, object][] = [
      ['filter', { items, keep: '{{ item.total > trigger.wanted && index < 3 }}' }],
      ['filter', { items: [1, 2], keep: '{{ item > 1 }}' }],
      ['sort', { items, by: [{ key: "{{ formatDate(item.id, 'yyyy') }}", direction: 'descending' }] }],
      ['limit', { items, count: '{{ trigger.wanted }}' }],
      ['dedupe', { items }],
      ['split', { items, size: 10 }],
      ['aggregate', { items, values: { n: { function: 'count' } } }],
      ['merge', { left: items, right: [], mode: 'append' }],
    ];
    for (const [type, input] of fitting) assert.deepEqual(issuesOf({ id: 'data', type, input }), [], type);
  });

  it('checks lists, counts, and what belongs together', () => {
    refuses('filter', { items: '{{ trigger.title }}', keep: true }, 'input.items', /must be array/);
    refuses('limit', { items, count: '{{ trigger.title }}' }, 'input.count', /must be integer/);
    refuses('split', { items, size: 'many' }, 'input.size', /must be integer/);
    refuses('merge', { left: items, right: items, mode: 'left' }, 'input.by', /is required for left/);
    refuses('merge', { left: [], right: [], mode: 'append', by: '{{ 1 }}' }, 'input.by', /no meaning/);
    refuses('aggregate', { items, values: { s: { function: 'avg' } } }, 'input.values.s.of', /is required/);
    const twice = { items, groupBy: { n: '{{ item.id }}' }, values: { n: { function: 'count' } } };
    refuses('aggregate', twice, 'input.values.n', /name of a key/);
  });

  it('lets item be seen where there is one only', () => {
    refuses('limit', { items, count: '{{ index }}' }, 'input.count', /Unknown variable: index/);
    refuses('filter', { items: '{{ item }}', keep: true }, 'input.items', /Unknown variable: item/);
  });

  it('tells later nodes what the items are', () => {
    const filter = { id: 'some', type: 'filter', input: { items, keep: '{{ item.total > 1 }}' } };
    const set = (value: string) => ({ id: 'after', type: 'set', input: { values: { value } } });
    assert.deepEqual(issuesOf(filter, set('{{ steps.some.output.items[0].total + 1 }}')), []);
    assert.match(
      issuesOf(filter, set('{{ steps.some.output.items[0].x }}'))[0]?.message ?? '',
      /No such key: x/,
    );
    assert.match(issuesOf(filter, set('{{ steps.some.output.x }}'))[0]?.message ?? '', /No such key: x/);
    const batches = { id: 'some', type: 'split', input: { items, size: 2 } };
    const next = (key: string) => ({
      id: 'n',
      type: 'sort',
      input: { items: '{{ steps.some.output.items }}', by: [{ key }] },
    });
    assert.deepEqual(issuesOf(batches, next('{{ item[0].total }}')), []);
    assert.match(issuesOf(batches, next('{{ item[0].x }}'))[0]?.message ?? '', /No such key: x/);
  });

  it('keeps at hand what expressions over items read, but for the item itself', () => {
    const keep = '{{ item.total > trigger.wanted && run.version > 0 && index > 0 }}';
    const plan = compile({ id: 'some', type: 'filter', input: { items, keep } });
    assert.deepEqual(plan.nodes[0]?.reads, ['run', 'trigger']);
    assert.deepEqual(plan.trigger.uses, [['orders'], ['wanted']]);
    assert.equal(plan.isLight, true);
  });
});
