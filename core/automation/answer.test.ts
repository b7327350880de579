import assert from 'node:assert/strict';
import { headerNameProblem, isAnswerStatus, isHeaderValue } from './answer.js';

describe('an answer', () => {
  it('may have headers of its own, and none of the connection or of our address', () => {
    for (const name of ['Location', 'x-a', 'content-type', 'ETag'])
      assert.equal(headerNameProblem(name), undefined, name);
    for (const name of [
      'Set-Cookie',
      'TRANSFER-ENCODING',
      'connection',
      'content-length',
      'a b',
      '',
      'ä',
      'a:b',
    ])
      assert.notEqual(headerNameProblem(name), undefined, name);
  });

  it('has header values of one line', () => {
    assert.ok(isHeaderValue('a b\tü'));
    for (const value of ['a\nb', 'a\rb', 'a\0', '✓', 'x'.repeat(4_001)])
      assert.equal(isHeaderValue(value), false);
  });

  it('has a final status', () => {
    assert.ok(isAnswerStatus(200) && isAnswerStatus(599));
    for (const status of [199, 600, 200.5, '200', null, undefined, Number.NaN])
      assert.equal(isAnswerStatus(status), false);
  });
});
