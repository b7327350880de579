import assert from 'node:assert/strict';
import { AppError } from '../errors.js';
import { isTemplate, parseTemplate } from './template.js';

describe('parseTemplate', () => {
  it('splits text and expressions', () => {
    assert.deepEqual(parseTemplate('New: {{ trigger.title }}!'), [
      { text: 'New: ' },
      { expression: 'trigger.title' },
      { text: '!' },
    ]);
    assert.deepEqual(parseTemplate('{{a}}{{ b }}'), [{ expression: 'a' }, { expression: 'b' }]);
    assert.deepEqual(parseTemplate('plain }} text'), [{ text: 'plain }} text' }]);
    assert.deepEqual(parseTemplate(''), []);
  });

  it('lets braces and quotes stand inside an expression', () => {
    const expressions = ["{'a': {'b': 1}}", "'}}'", '"}} \\" }}"', "'it\\'s }}'", "{'{{': '}}'}"];
    for (const expression of expressions) {
      assert.deepEqual(parseTemplate(`x{{ ${expression} }}y`), [
        { text: 'x' },
        { expression },
        { text: 'y' },
      ]);
    }
  });

  it('refuses an expression that is not closed, or empty, and a text that is too long', () => {
    const long = `{{ a }}${'x'.repeat(20_000)}`;
    for (const text of ['{{ a', '{{ a }', "{{ 'a }}", '{{ {a }}', '{{}}', 'a {{   }}', long]) {
      assert.throws(
        () => parseTemplate(text),
        (error) => error instanceof AppError && error.code === 'validation',
        text.slice(0, 20),
      );
    }
  });

  it('gives the same parts again', () => {
    assert.deepEqual(parseTemplate('again {{ a }}'), parseTemplate('again {{ a }}'));
  });
});

describe('isTemplate', () => {
  it('is true for what holds an expression', () => {
    assert.deepEqual(['{{ a }}', 'x {{', '{ a }', 'a }}', ''].map(isTemplate), [
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
