import assert from 'node:assert/strict';
import { AppError } from '../errors.js';
import { evaluateExpression, evaluateTemplates } from './evaluate.js';

const scope = {
  trigger: {
    title: 'Grüße',
    count: 3,
    price: 2.5,
    tags: ['a', 'b'],
    empty: null,
    nested: { ok: true },
    items: [
      { name: 'x', n: 1 },
      { name: 'y', n: 2 },
    ],
  },
  steps: { task: { output: { id: 'T-1' }, status: 'succeeded' } },
};

function resultOf(expression: string): unknown {
  return evaluateExpression(expression, scope);
}

describe('evaluateExpression', () => {
  it('gives plain JSON', () => {
    const results: [string, unknown][] = [
      ['1 + 2', 3],
      ['size(trigger.tags)', 2],
      ['[1, 2].map(x, x * 2)', [2, 4]],
      ["{'a': 1, 'b': [true, null]}", { a: 1, b: [true, null] }],
      ['{1: 2}', { 1: 2 }],
      ["b'hi'", 'aGk='],
      ["timestamp('2026-01-02T03:04:05Z')", '2026-01-02T03:04:05.000Z'],
      ['trigger.?missing', null],
      ["trigger.?missing.orValue('none')", 'none'],
      ['trigger.empty', null],
      ['trigger.nested', { ok: true }],
    ];
    for (const [expression, expected] of results)
      assert.deepEqual(resultOf(expression), expected, expression);
  });

  it('lets numbers of JSON mix with whole numbers in the text', () => {
    const results: [string, unknown][] = [
      ['trigger.count + 1', 4],
      ['1 + trigger.count', 4],
      ['trigger.price * 2', 5],
      ['trigger.count / 2', 1.5],
      ['7 / 2', 3],
      ['trigger.count % 2', 1],
      ['trigger.count == 3', true],
      ['trigger.count > 2 && trigger.count <= 3', true],
      ['trigger.price - 1', 1.5],
      ['trigger.items.filter(i, i.n > 1).map(i, i.name)', ['y']],
    ];
    for (const [expression, expected] of results)
      assert.deepEqual(resultOf(expression), expected, expression);
  });

  it('tells what is wrong as a validation error that shows the expression', () => {
    for (const expression of [
      'trigger.missing',
      '1 +',
      "'a' + 1",
      'unknown_name',
      'trigger.tags[5]',
      '1 / 0',
    ]) {
      assert.throws(
        () => resultOf(expression),
        (error) =>
          error instanceof AppError &&
          error.code === 'validation' &&
          error.message.startsWith(`{{ ${expression} }}`),
        expression,
      );
    }
  });

  it('has enough steps for large lists', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => ({ index, name: `name ${index}` }));
    const chosen = "trigger.list.filter(x, x.index % 2 == 0 && x.name != '').map(x, x.index)";
    const result = evaluateExpression(chosen, { trigger: { list }, steps: {} });
    assert.ok(Array.isArray(result));
    assert.deepEqual([result.length, result.at(-1)], [50_000, 99_998]);
  });

  it('reaches nothing but the scope', () => {
    for (const expression of [
      'trigger.constructor',
      'trigger.__proto__',
      "trigger['constructor']",
      'trigger.tags.constructor',
      'process',
      'globalThis',
      'trigger.title.constructor',
    ]) {
      assert.throws(() => resultOf(expression), { name: 'AppError', code: 'validation' }, expression);
    }
  });
});

describe('evaluateTemplates', () => {
  it('keeps the type of a value that is one expression', () => {
    const templates = {
      number: '{{ trigger.count }}',
      list: '{{ trigger.tags }}',
      none: '{{ trigger.empty }}',
      text: 'n = {{ trigger.count }}',
      plain: 'as it is',
      fixed: [1, true, null, { deep: '{{ steps.task.output.id }}' }],
    };
    assert.deepEqual(evaluateTemplates(templates, scope), {
      number: 3,
      list: ['a', 'b'],
      none: null,
      text: 'n = 3',
      plain: 'as it is',
      fixed: [1, true, null, { deep: 'T-1' }],
    });
  });

  it('writes lists and objects in a text as JSON, and nothing for null', () => {
    const text = '{{ trigger.tags }}|{{ trigger.nested }}|{{ trigger.empty }}|{{ true }}';
    assert.equal(evaluateTemplates(text, scope), '["a","b"]|{"ok":true}||true');
  });

  it('names the path of what fails', () => {
    assert.throws(
      () => evaluateTemplates({ a: [{ b: 'x {{ trigger.missing }}' }] }, scope),
      (error) =>
        error instanceof AppError && error.code === 'validation' && error.issues[0]?.path === 'a.0.b',
    );
  });

  it('does not evaluate what an expression gives', () => {
    const given = { trigger: { text: '{{ 1 + 1 }}' } };
    assert.equal(evaluateTemplates('{{ trigger.text }}', given), '{{ 1 + 1 }}');
    assert.equal(evaluateTemplates('x {{ trigger.text }}', given), 'x {{ 1 + 1 }}');
  });
});
