import assert from 'node:assert/strict';
import { parseDuration } from './duration.js';
import { durationText } from './duration-text.js';

describe('parseDuration', () => {
  it('reads every unit in milliseconds', () => {
    const texts = ['500ms', '30s', '5m', '2h', '1d', '0s', '999999999d'];
    assert.deepEqual(texts.map(parseDuration), [
      500,
      30_000,
      300_000,
      7_200_000,
      86_400_000,
      0,
      999_999_999 * 86_400_000,
    ]);
  });

  it('refuses what is not a whole number and a unit', () => {
    for (const text of [
      '',
      '5',
      's',
      '1.5h',
      '-1s',
      '5 m',
      ' 5m',
      '5m ',
      '5M',
      '5w',
      '1h30m',
      '1234567890s',
    ]) {
      assert.equal(parseDuration(text), undefined, text);
    }
  });
});

describe('durationText', () => {
  it('takes durations between its bounds, both included', () => {
    const schema = durationText(1_000, 60_000);
    const taken = ['999ms', '1000ms', '1s', '1m', '61s', 'soon'].map(
      (text) => schema.safeParse(text).success,
    );
    assert.deepEqual(taken, [false, true, true, true, false, false]);
  });
});
