import assert from 'node:assert/strict';
import { csvLine } from './export-lines.js';

describe('a line of CSV', () => {
  it('quotes what would break it, and leaves nothing empty that is not', () => {
    assert.equal(
      csvLine(['a,b', 'say "hi"', 'two\nlines', null, 0]),
      '"a,b","say ""hi""","two\nlines",,0\r\n',
    );
  });

  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|" /C calc"!A0']) {
    it(`gives a spreadsheet nothing to compute: ${JSON.stringify(text)}`, () => {
      assert.match(csvLine([text]), /^"?'/);
    });
  }

  it('holds values as JSON', () => {
    assert.equal(csvLine([{ b: 1, a: 'x' }]), '"{""a"":""x"",""b"":1}"\r\n');
  });
});
