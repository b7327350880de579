import assert from 'node:assert/strict';
import { AppError } from '../../errors.js';
import type { Scope } from '../../expression/evaluate.js';
import type { DataOperation } from './data-operation.js';
import { operate } from './operate.js';

const people = [
  { id: 1, name: 'Bo', team: 'a', pay: 10, at: '2026-03-01T00:00:00Z' },
  { id: 2, name: 'al', team: 'b', pay: 30, at: '2026-01-01T00:00:00Z' },
  { id: 3, name: 'Cy', team: 'a', pay: null, at: null },
  { id: 4, name: 'Al', team: 'a', pay: 20, at: '2026-02-01T00:00:00Z' },
];
const scope: Scope = {
  trigger: { people, none: [], numbers: [3, 1, 2, 1], mixed: [1, 'a'], text: 'x', min: 15 },
  steps: {},
};
const items = '{{ trigger.people }}';
const numbers = '{{ trigger.numbers }}';

function itemsOf(operation: DataOperation): unknown[] {
  const output = operate(operation, scope);
  assert.equal(output.count, output.items.length);
  return output.items;
}

function idsOf(operation: DataOperation): unknown[] {
  return itemsOf(operation).map((item) => (item as { id: unknown }).id);
}

function refuses(operation: DataOperation, field: string, message: RegExp): void {
  assert.throws(
    () => operate(operation, scope),
    (error) =>
      error instanceof AppError &&
      error.code === 'validation' &&
      error.issues[0]?.path === field &&
      message.test(error.message),
    JSON.stringify(operation),
  );
}

describe('filter', () => {
  const filter = (keep: unknown, list: unknown = items): DataOperation => ({
    name: 'filter',
    items: list,
    keep,
  });

  it('keeps the items for which the condition holds, which sees item, index and all else', () => {
    assert.deepEqual(idsOf(filter("{{ item.team == 'a' && index > 0 }}")), [3, 4]);
    assert.deepEqual(idsOf(filter('{{ item.pay != null && item.pay > trigger.min }}')), [2, 4]);
    assert.deepEqual(itemsOf(filter('{{ item > 1 }}', [0, 1, 2, '{{ trigger.min }}'])), [2, 15]);
    assert.deepEqual(itemsOf(filter('{{ item }}', '{{ trigger.none }}')), []);
  });

  it('names the field that is wrong', () => {
    refuses(filter('{{ true }}', '{{ trigger.text }}'), 'input.items', /must be a list, but is "x"/);
    refuses(filter('{{ item.id }}'), 'input.keep', /must be true or false, but is 1 of item 0/);
    refuses(filter('{{ item.missing }}'), 'input.keep', /No such key: missing/);
  });
});

describe('sort', () => {
  const sort = (...by: [key: string, direction?: 'ascending' | 'descending'][]): DataOperation => ({
    name: 'sort',
    items,
    by: by.map(([key, direction = 'ascending']) => ({ key, direction })),
  });

  it('goes by numbers, texts and dates, both ways, with what is missing last', () => {
    assert.deepEqual(idsOf(sort(['{{ item.pay }}'])), [1, 4, 2, 3]);
    assert.deepEqual(idsOf(sort(['{{ item.pay }}', 'descending'])), [2, 4, 1, 3]);
    assert.deepEqual(idsOf(sort(['{{ item.name.lower() }}'])), [2, 4, 1, 3]);
    assert.deepEqual(idsOf(sort(['{{ item.name }}'])), [4, 1, 3, 2]);
    assert.deepEqual(idsOf(sort(['{{ item.at }}', 'descending'])), [1, 4, 2, 3]);
    assert.deepEqual(idsOf(sort(["{{ item.team == 'a' }}"])), [2, 1, 3, 4]);
  });

  it('goes by the next key where items are alike, and keeps their order after the last', () => {
    assert.deepEqual(idsOf(sort(['{{ item.team }}'], ['{{ item.id }}', 'descending'])), [4, 3, 1, 2]);
    assert.deepEqual(idsOf(sort(['{{ item.team }}'])), [1, 3, 4, 2]);
    assert.deepEqual(idsOf(sort(['{{ item.team }}', 'descending'])), [2, 1, 3, 4]);
  });

  it('refuses keys of several types and such that have no order', () => {
    const mixed: DataOperation = {
      name: 'sort',
      items: '{{ trigger.mixed }}',
      by: [{ key: '{{ item }}', direction: 'ascending' }],
    };
    refuses(mixed, 'input.by.0.key', /of one type for all items, but is "a" of item 1/);
    refuses(sort(['{{ item }}']), 'input.by.0.key', /must be a number, text or truth/);
  });
});

describe('limit', () => {
  const limit = (count: unknown, offset: unknown = 0, from: 'start' | 'end' = 'start'): DataOperation => ({
    name: 'limit',
    items: numbers,
    count,
    offset,
    from,
  });

  it('takes items from start or end, as many as there are', () => {
    assert.deepEqual(itemsOf(limit(2)), [3, 1]);
    assert.deepEqual(itemsOf(limit('{{ 2 }}', 1)), [1, 2]);
    assert.deepEqual(itemsOf(limit(2, 0, 'end')), [2, 1]);
    assert.deepEqual(itemsOf(limit(2, 1, 'end')), [1, 2]);
    assert.deepEqual(itemsOf(limit(9, 9, 'end')), []);
    assert.deepEqual(itemsOf(limit(9, 9)), []);
    assert.deepEqual(itemsOf(limit(0)), []);
  });

  it('refuses counts that are not whole numbers', () => {
    refuses(limit(-1), 'input.count', /whole number from 0 on, but is -1/);
    refuses(limit(1, 1.5), 'input.offset', /whole number/);
    refuses(limit('{{ trigger.text }}'), 'input.count', /but is "x"/);
  });
});

describe('dedupe', () => {
  it('keeps the first or last item of each key', () => {
    assert.deepEqual(idsOf({ name: 'dedupe', items, by: '{{ item.team }}', keep: 'first' }), [1, 2]);
    assert.deepEqual(idsOf({ name: 'dedupe', items, by: '{{ item.team }}', keep: 'last' }), [2, 4]);
    assert.deepEqual(itemsOf({ name: 'dedupe', items: numbers, by: '{{ item }}', keep: 'first' }), [3, 1, 2]);
  });

  it('compares whole values, and tells numbers from texts', () => {
    const list = [{ a: 1, b: [2] }, { b: [2], a: 1 }, { a: '1', b: [2] }, null, null];
    const output = itemsOf({ name: 'dedupe', items: list, by: '{{ item }}', keep: 'first' });
    assert.deepEqual(output, [{ a: 1, b: [2] }, { a: '1', b: [2] }, null]);
  });
});

describe('aggregate', () => {
  const of = '{{ item.pay }}';

  it('makes one object for the whole list', () => {
    const values = {
      all: { function: 'count' },
      paid: { function: 'count', of },
      sum: { function: 'sum', of },
      avg: { function: 'avg', of },
      min: { function: 'min', of },
      max: { function: 'max', of },
      newest: { function: 'max', of: '{{ item.at }}' },
      first: { function: 'first', of },
      last: { function: 'last', of: '{{ item.name }}' },
      list: { function: 'list', of: '{{ item.id }}' },
      teams: { function: 'distinct', of: '{{ item.team }}' },
    } as const;
    const one = { sum: 60, avg: 20, min: 10, max: 30, newest: '2026-03-01T00:00:00Z', first: 10, last: 'Al' };
    const counted = { all: 4, paid: 3, list: [1, 2, 3, 4], teams: ['a', 'b'] };
    assert.deepEqual(itemsOf({ name: 'aggregate', items, groupBy: {}, values }), [{ ...one, ...counted }]);
    const nothing = { sum: 0, avg: null, min: null, max: null, newest: null, first: null, last: null };
    const none = { ...nothing, all: 0, paid: 0, list: [], teams: [] };
    assert.deepEqual(itemsOf({ name: 'aggregate', items: [], groupBy: {}, values }), [none]);
  });

  it('makes one object for each group, and none of an empty list', () => {
    const groupBy = { team: '{{ item.team }}', isPaid: '{{ item.pay != null }}' };
    const values = { n: { function: 'count' }, sum: { function: 'sum', of } } as const;
    assert.deepEqual(itemsOf({ name: 'aggregate', items, groupBy, values }), [
      { team: 'a', isPaid: true, n: 2, sum: 30 },
      { team: 'b', isPaid: true, n: 1, sum: 30 },
      { team: 'a', isPaid: false, n: 1, sum: 0 },
    ]);
    assert.deepEqual(itemsOf({ name: 'aggregate', items: [], groupBy, values }), []);
  });

  it('refuses what can not be added or compared', () => {
    const values = (name: 'sum' | 'max', what: string) => ({ v: { function: name, of: what } });
    refuses(
      { name: 'aggregate', items, groupBy: {}, values: values('sum', '{{ item.name }}') },
      'input.values.v.of',
      /must be a number, but is "Bo"/,
    );
    refuses(
      { name: 'aggregate', items, groupBy: {}, values: values('max', '{{ item }}') },
      'input.values.v.of',
      /must be a number, text or truth/,
    );
  });
});

describe('merge', () => {
  const left = [
    { id: 1, v: 'l1' },
    { id: 2, v: 'l2' },
    { id: null, v: 'l3' },
  ];
  const right = [
    { key: 2, v: 'r2' },
    { key: 2, v: 'r2b' },
    { key: 3, v: 'r3' },
    { key: null, v: 'r4' },
  ];
  const merge = (mode: 'inner' | 'left' | 'outer', more: object = {}): DataOperation => ({
    name: 'merge',
    left,
    right,
    mode,
    by: '{{ item.id }}',
    rightBy: '{{ item.key }}',
    ...more,
  });
  const pairs = [
    { id: 2, key: 2, v: 'r2' },
    { id: 2, key: 2, v: 'r2b' },
  ];

  it('joins every pair with the same key; the right side wins, or gets another name', () => {
    assert.deepEqual(itemsOf(merge('inner')), pairs);
    const [first] = itemsOf(merge('inner', { prefix: 'right_' }));
    assert.deepEqual(first, { id: 2, v: 'l2', key: 2, right_v: 'r2' });
  });

  it('keeps what has no partner on the left, or on both sides', () => {
    assert.deepEqual(itemsOf(merge('left')), [left[0], ...pairs, left[2]]);
    assert.deepEqual(itemsOf(merge('outer')), [left[0], ...pairs, left[2], right[2], right[3]]);
  });

  it('appends lists of anything', () => {
    assert.deepEqual(itemsOf({ name: 'merge', left: [1, 'a'], right: numbers, mode: 'append' }), [
      1,
      'a',
      3,
      1,
      2,
      1,
    ]);
  });

  it('joins objects only', () => {
    refuses(merge('inner', { right: [1] }), 'input.right', /list of objects, but item 0 is 1/);
  });

  it('gives no more items than a step takes', () => {
    const many = '{{ trigger.people.map(p, {"id": 1}) }}';
    const wide = { trigger: { people: Array.from({ length: 1_000 }, () => ({})) }, steps: {} };
    const operation: DataOperation = {
      name: 'merge',
      left: many,
      right: many,
      mode: 'inner',
      by: '{{ item.id }}',
    };
    assert.throws(() => operate(operation, wide), { name: 'AppError', code: 'limit_exceeded' });
  });
});

describe('pick and split', () => {
  it('pick makes objects with the named fields', () => {
    const fields = {
      number: '{{ index + 1 }}',
      title: 'Hi {{ item.name }}',
      fixed: [1, { deep: '{{ item.id }}' }],
    };
    const [first] = itemsOf({ name: 'pick', items, fields });
    assert.deepEqual(first, { number: 1, title: 'Hi Bo', fixed: [1, { deep: 1 }] });
    refuses({ name: 'pick', items, fields: { a: '{{ item.x }}' } }, 'input.fields.a', /No such key/);
  });

  it('split makes batches', () => {
    assert.deepEqual(itemsOf({ name: 'split', items: numbers, size: 3 }), [[3, 1, 2], [1]]);
    assert.deepEqual(itemsOf({ name: 'split', items: [], size: 3 }), []);
    refuses({ name: 'split', items: numbers, size: 0 }, 'input.size', /whole number from 1 on/);
  });
});

describe('data nodes', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({ id: index, score: (index * 7919) % 10_007 }));
  const manyScope: Scope = { trigger: { many }, steps: {} };

  it('work through 10,000 items in less than 300 ms of the processor', () => {
    const before = process.cpuUsage();
    const filtered = operate(
      { name: 'filter', items: '{{ trigger.many }}', keep: '{{ item.score % 3 != 0 }}' },
      manyScope,
    );
    const sorted = operate(
      {
        name: 'sort',
        items: '{{ trigger.items }}',
        by: [{ key: '{{ item.score }}', direction: 'descending' }],
      },
      { trigger: { items: filtered.items }, steps: {} },
    );
    const took = cpuMs(before);
    assert.equal(sorted.count, many.filter(({ score }) => score % 3 !== 0).length);
    assert.ok(took < 300, `${took} ms`);
  });

  it('take 100,000 items and no more', () => {
    const list = (length: number) => ({ trigger: { list: Array.from({ length }, () => 1) }, steps: {} });
    const operation: DataOperation = { name: 'filter', items: '{{ trigger.list }}', keep: '{{ item > 0 }}' };
    assert.equal(operate(operation, list(100_000)).count, 100_000);
    assert.throws(() => operate(operation, list(100_001)), { name: 'AppError', code: 'limit_exceeded' });
  });

  it('end when expressions over all items take too long together', () => {
    const operation: DataOperation = {
      name: 'filter',
      items: '{{ trigger.many }}',
      keep: '{{ trigger.many.all(other, other.score >= 0) }}',
    };
    const before = process.cpuUsage();
    assert.throws(() => operate(operation, manyScope), { name: 'AppError', code: 'validation' });
    assert.ok(cpuMs(before) < 3_000);
  });

  it('let field names be any, and touch no prototype', () => {
    const list = JSON.parse('[{"__proto__": {"polluted": true}, "id": 1}]');
    const merged = itemsOf({ name: 'merge', left: list, right: list, mode: 'inner', by: '{{ item.id }}' });
    const fields = JSON.parse('{"__proto__": {"polluted": "{{ index }}"}}');
    const picked = itemsOf({ name: 'pick', items: list, fields });
    for (const [item] of [merged, picked]) {
      assert.ok(Object.hasOwn(item as object, '__proto__'));
      assert.equal(Object.getPrototypeOf(item), Object.prototype);
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
});

/** Milliseconds of the processor since then: how long it took may depend on what else the machine does. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
