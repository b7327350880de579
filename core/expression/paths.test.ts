import assert from 'node:assert/strict';
import { createEnvironment, scopeNames } from './environment.js';
import { project, readPaths } from './paths.js';

const environment = createEnvironment();
for (const name of scopeNames) environment.registerVariable(name, 'dyn');

function pathsOf(expression: string): string[] {
  return readPaths(environment.parse(expression).ast).map((path) => path.join('/'));
}

describe('readPaths', () => {
  it('follows fields and keys', () => {
    assert.deepEqual(pathsOf('steps.task.output.id'), ['steps/task/output/id']);
    assert.deepEqual(pathsOf("trigger['a b'].c"), ['trigger/a b/c']);
    assert.deepEqual(pathsOf('trigger.?a.b'), ['trigger/a/b']);
  });

  it('ends a path where the rest is computed', () => {
    assert.deepEqual(pathsOf('trigger.items[0].name'), ['trigger/items']);
    assert.deepEqual(pathsOf('trigger.title.size()'), ['trigger/title']);
    assert.deepEqual(pathsOf('trigger[run.id].name').sort(), ['run/id', 'trigger']);
  });

  it('finds the paths in operators, calls, conditions, lists, maps and macros', () => {
    const found: [string, string[]][] = [
      ['trigger.a + steps.b.output', ['steps/b/output', 'trigger/a']],
      ['trigger.a ? trigger.b : trigger.c', ['trigger/a', 'trigger/b', 'trigger/c']],
      ['has(trigger.a.b)', ['trigger/a/b']],
      ["[trigger.a, {'k': trigger.b}]", ['trigger/a', 'trigger/b']],
      ['!trigger.a || -trigger.b > 1', ['trigger/a', 'trigger/b']],
      ['size(trigger.a)', ['trigger/a']],
    ];
    for (const [expression, expected] of found)
      assert.deepEqual(pathsOf(expression).sort(), expected, expression);
    const inMacro = pathsOf('trigger.list.exists(x, x.n == trigger.wanted)');
    assert.ok(inMacro.includes('trigger/list') && inMacro.includes('trigger/wanted'));
  });
});

describe('project', () => {
  const value = { a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }], g: null };

  it('keeps the parts on the paths and nothing else', () => {
    assert.deepEqual(project(value, [['a', 'b']]), { a: { b: 1 } });
    assert.deepEqual(project(value, [['a', 'b'], ['g']]), { a: { b: 1 }, g: null });
    assert.deepEqual(project(value, []), {});
  });

  it('keeps lists whole', () => {
    assert.deepEqual(project(value, [['d', 'e']]), { d: [{ e: 1, f: 2 }] });
  });

  it('keeps the whole value for the empty path, and a whole part beside a path into it', () => {
    assert.deepEqual(project(value, [[]]), value);
    assert.deepEqual(project(value, [['a', 'b'], ['a']]), { a: { b: 1, c: 2 } });
  });

  it('leaves out what is not there, and leaves what has no parts as it is', () => {
    assert.deepEqual(
      project(value, [
        ['z', 'y'],
        ['g', 'h'],
      ]),
      { g: null },
    );
    assert.equal(project('text', [['a']]), 'text');
    assert.equal(project(null, [['a']]), null);
  });
});
