import assert from 'node:assert/strict';
import { fillPlaceholders, type ParameterValues } from './fill-placeholders.js';

const values: ParameterValues = new Map<string, string | number | boolean | undefined>([
  ['channel', '#bugs'],
  ['limit', 100],
  ['urgent', false],
  ['nothing', undefined],
  ['brace', '{ trigger.secret }'],
]);
const fill = (value: unknown) => fillPlaceholders(value, values);

describe('placeholders of a document', () => {
  it('keep the type of the value where they stand alone', () => {
    const { value } = fill({ a: '[[limit]]', b: ['[[urgent]]', '[[channel]]'], c: 7, d: null });
    assert.deepEqual(value, { a: 100, b: [false, '#bugs'], c: 7, d: null });
  });

  it('become text with text around them, beside expressions that stay', () => {
    const { value, misplaced } = fill('In [[channel]] over [[limit]]: {{trigger.title}}');
    assert.equal(value, 'In #bugs over 100: {{ trigger.title }}');
    assert.deepEqual(misplaced, []);
  });

  it('are left out where an optional parameter has no value', () => {
    const { value } = fill({ gone: '[[nothing]]', list: ['[[nothing]]', 1], text: 'a[[nothing]]b' });
    assert.deepEqual(value, { list: [1], text: 'ab' });
  });

  it('leave lists of lists in expressions alone', () => {
    const text = '{{ [[1, 2], [item]].size() + size([[item]]) }}';
    assert.deepEqual(fill(text), { value: text, misplaced: [], undeclared: [] });
  });

  it('are refused inside an expression, with the parameter and the way round', () => {
    const { misplaced } = fill({ input: { when: '{{ trigger.amount > [[limit]] }}' } });
    assert.equal(misplaced.length, 1);
    assert.equal(misplaced[0]?.path, 'input.when');
    assert.match(misplaced[0]?.message ?? '', /parameter limit .* step of type set/);
  });

  it('are pointed out where no such parameter is declared', () => {
    const { value, undeclared } = fill({ text: 'see [[chanel]] and [[channel]]' });
    assert.deepEqual(value, { text: 'see [[chanel]] and #bugs' });
    assert.deepEqual(
      undeclared.map(({ path }) => path),
      ['text'],
    );
    assert.match(undeclared[0]?.message ?? '', /chanel/);
  });

  it('make no expression out of a value and the text around it', () => {
    const { misplaced } = fill('{[[brace]]}');
    assert.match(misplaced[0]?.message ?? '', /brace makes an expression/);
  });

  it('are filled in text that is no template yet', () => {
    assert.equal(fill('{{ open [[limit]]').value, '{{ open 100');
  });
});
