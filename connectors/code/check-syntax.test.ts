import assert from 'node:assert/strict';
import { checkSyntax } from './check-syntax.js';
import { sharedPool } from './shared-pool.js';

describe('Checking the syntax of code', () => {
  after(() => sharedPool.end());

  const valid = [
    'return 1',
    'const { a, ...rest } = input; return await Promise.all([a?.b ?? rest])',
    'for (;;);',
    'throw new Error("not run")',
    '// only a comment',
    'return /[}]/u.test("}")',
    '',
  ];
  for (const source of valid) {
    it(`finds nothing wrong with ${source || 'nothing'}`, async () => {
      assert.equal(await checkSyntax(source), undefined);
    });
  }

  const wrong: [string, number, number, RegExp][] = [
    ['let a = 1;\n  let b = ;', 2, 11, /unexpected token/],
    ['return {\r\n  a: 1', 2, 7, /^unexpected end of the code$/],
    ['return (', 1, 9, /^unexpected end of the code$/],
    ['return 1 }', 1, 11, /^a '}' before this closes the code too early$/],
    ['let a; let a;', 1, 13, /redefinition/],
    ['import fs from "fs"', 1, 8, /./],
    ['\n\nreturn `abc', 3, 8, /./],
    ['const é = "Grüße"; const b == 2', 1, 28, /./],
    ['with (input) {}', 1, 1, /./],
    ['return 010', 1, 8, /./],
  ];
  for (const [source, line, column, message] of wrong) {
    it(`points at what is wrong with ${JSON.stringify(source)}`, async () => {
      const problem = await checkSyntax(source);
      assert.deepEqual([problem?.line, problem?.column], [line, column], problem?.message);
      assert.match(problem?.message ?? '', message);
    });
  }

  it('refuses source that is nested too deeply to be read', async () => {
    await assert.rejects(checkSyntax(`${'('.repeat(30_000)}1${')'.repeat(30_000)}`), {
      code: 'code_failed',
      message: /stack limit of 1 MB$/,
    });
  });
});
