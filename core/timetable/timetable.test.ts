import assert from 'node:assert/strict';
import { vectors } from '#test/triggers/vectors.js';
import { cronProblem } from './cron.js';
import { isTimeZone, localTimeOf } from './local-time.js';
import { lastTime, nextTimes, type Timetable } from './timetable.js';

describe('the next times', () => {
  for (const { name, timetable, after, times } of vectors) {
    it(`are known of ${name}`, () => {
      const wanted = times.map((time) => Date.parse(time));
      assert.deepEqual(nextTimes(timetable, Date.parse(after), times.length).map(toText), wanted.map(toText));
    });

    it(`look the same from behind of ${name}`, () => {
      const afterMs = Date.parse(after);
      for (const [index, time] of times.entries()) {
        const ms = Date.parse(time);
        const before = times[index - 1];
        const atIt = lastTime(timetable, afterMs, ms);
        assert.equal(atIt && toText(atIt), toText(ms), 'at the moment itself');
        const later = lastTime(timetable, afterMs, ms + 1_500);
        assert.equal(later && toText(later), toText(ms), 'soon after');
        const sooner = lastTime(timetable, afterMs, ms - 1);
        assert.equal(sooner && toText(sooner), before && toText(Date.parse(before)), 'just before');
      }
    });
  }

  it('are none once a moment is over', () => {
    const once: Timetable = { kind: 'at', atMs: 5_000, timeZone: 'UTC' };
    assert.deepEqual(nextTimes(once, 5_000, 3), []);
    assert.deepEqual(nextTimes(once, 4_999, 3), [5_000]);
  });
});

describe('a cron expression', () => {
  it('is refused with the reason', () => {
    const problems = [
      '60 * * * *',
      '* * * *',
      '0 0 0 * * *',
      'a b c d e',
      '0 0 * * MON-FRO',
      '0 0 30 2 *',
      '0 0 31 4,6 *',
    ].map(cronProblem);
    for (const problem of problems) assert.ok(problem);
    assert.match(problems[0] ?? '', /Invalid value for minute: 60/);
    assert.match(problems[5] ?? '', /never fires/);
    assert.match(problems[6] ?? '', /never fires/);
  });

  it('is taken with names, lists, ranges and steps', () => {
    for (const cron of [
      '*/5 * * * *',
      '0 9-17/2 * JAN,jul Mon-Fri',
      '0 0 29 2 *',
      '0 0 * * FRI#2',
      '@daily',
    ]) {
      assert.equal(cronProblem(cron), undefined, cron);
    }
  });
});

describe('a wall clock', () => {
  it('shows date, time and weekday of its zone', () => {
    const ms = Date.parse('2027-12-31T18:15:00Z');
    assert.deepEqual(localTimeOf(ms, 'Asia/Kathmandu'), {
      date: '2028-01-01',
      time: '00:00',
      weekday: 'saturday',
    });
    assert.deepEqual(localTimeOf(ms, 'America/New_York'), {
      date: '2027-12-31',
      time: '13:15',
      weekday: 'friday',
    });
  });

  it('is one of a known zone', () => {
    const names = ['Europe/Zurich', 'UTC', 'Asia/Kolkata', 'Mars/Olympus', '+05:30', ''];
    assert.deepEqual(names.map(isTimeZone), [true, true, true, false, false, false]);
  });
});

function toText(ms: number): string {
  return new Date(ms).toISOString();
}
