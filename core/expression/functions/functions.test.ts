import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { evaluateExpression } from '../evaluate.js';

const scope = {
  trigger: {
    at: '2026-03-28T23:30:00Z',
    number: 1234.5,
    three: 3,
    text: 'Grüße, ß€😀',
    list: ['a', 'b'],
    long: 'x'.repeat(100_000),
  },
  steps: {},
};

function gives(results: readonly (readonly [string, unknown])[]): void {
  for (const [expression, expected] of results)
    assert.deepEqual(evaluateExpression(expression, scope), expected, expression);
}

function refuses(messages: readonly (readonly [string, RegExp])[]): void {
  for (const [expression, message] of messages)
    assert.throws(() => evaluateExpression(expression, scope), { code: 'validation', message }, expression);
}

describe('functions on texts', () => {
  it('change case, spaces and parts, split and join', () => {
    gives([
      ["'ÄBC'.lower()", 'äbc'],
      ["'straße'.upper()", 'STRASSE'],
      ["'  a '.trim()", 'a'],
      ["'a-b-c'.replace('-', '+')", 'a+b+c'],
      ["'$&'.replace('&', '$&')", '$$&'],
      ["'a,b'.split(',').map(p, p + '!').join(';')", 'a!;b!'],
      ["'7'.padStart(3, '0')", '007'],
      ["'7'.padEnd(trigger.three, '-')", '7--'],
      ["'abc'.padStart(2, '0')", 'abc'],
    ]);
  });

  it('bound what they give', () => {
    refuses([
      ["'a'.replace('', 'b')", /needs a text to search for/],
      ["'a'.padStart(1000000, ' ')", /whole number from 0 to 10000/],
      ["'a'.padStart(1.5, ' ')", /whole number/],
      ["trigger.long.replace('x', trigger.long)", /gives too long a text/],
    ]);
  });
});

describe('functions on numbers', () => {
  it('round as people do', () => {
    gives([
      ['round(2.675, 2)', 2.68],
      ['round(1.005, 2)', 1.01],
      ['round(-1.5)', -2],
      ['round(0)', 0],
      ['round(1e300, 2)', 1e300],
      ['round(trigger.number)', 1235],
      ['floor(-1.5) + ceil(1.2) + abs(-3)', 3],
    ]);
  });

  it('write numbers with the separators that are given', () => {
    gives([
      ["formatNumber(trigger.number, 2, '.', ',')", '1.234,50'],
      ['formatNumber(1234567, 0)', '1234567'],
      ["formatNumber(1234567, 0, ' ', '.')", '1 234 567'],
      ['formatNumber(-0.4, 0)', '0'],
      ["formatNumber(-999.999, 2, ',', '.')", '-1,000.00'],
    ]);
    refuses([
      ["formatNumber('1', 2)", /must be a number/],
      ['formatNumber(1, 21)', /decimals must be a whole number from 0 to 20/],
      ['formatNumber(1e21, 0)', /below 1e21/],
    ]);
  });
});

describe('functions on dates', () => {
  it('write a moment as a clock in a zone shows it', () => {
    gives([
      ["formatDate(trigger.at, 'yyyy-MM-dd HH:mm:ss.SSS')", '2026-03-28 23:30:00.000'],
      ["formatDate(trigger.at, 'dd.MM.yyyy HH:mm', 'Europe/Vienna')", '29.03.2026 00:30'],
      ["formatDate(timestamp(trigger.at), 'HH:mm', 'America/New_York')", '19:30'],
      ["formatDate(trigger.at, 'HH:mm', 'Asia/Kolkata')", '05:00'],
      ["formatDate('2026-05-06', \"yyyyMMdd'T'HH 'o''clock'\")", "20260506T00 o'clock"],
      ["formatDate('0001-01-01T00:00:00Z', 'yyyy')", '0001'],
    ]);
  });

  it('read a moment, in ISO 8601 or after a pattern', () => {
    gives([
      ["parseDate('2026-03-28')", '2026-03-28T00:00:00.000Z'],
      ["parseDate('2026-03-28T12:00+02:00')", '2026-03-28T10:00:00.000Z'],
      ["parseDate('28.03.2026', 'dd.MM.yyyy')", '2026-03-28T00:00:00.000Z'],
      ["parseDate('07/04/2026 09:05', 'MM/dd/yyyy HH:mm', 'America/New_York')", '2026-07-04T13:05:00.000Z'],
    ]);
    refuses([
      ["parseDate('tomorrow')", /not a date in ISO 8601/],
      ["parseDate('2026-02-31')", /not a date in ISO 8601/],
      ["parseDate('31.02.2026', 'dd.MM.yyyy')", /no such date/],
      ["parseDate('1.2.2026', 'dd.MM.yyyy')", /is not like "dd.MM.yyyy"/],
      ["parseDate('01.02.2026x', 'dd.MM.yyyy')", /is not like/],
      ["parseDate('13', 'MM')", /month must be a whole number from 1 to 12/],
      ["formatDate(trigger.at, 'YYYY')", /knows yyyy, .* and not YYYY/],
      ["formatDate(trigger.at, 'HH', 'Middle/Earth')", /no time zone Middle\/Earth/],
      ["timestamp('January 1, 2020 00:00')", /offset from UTC/],
    ]);
  });

  it('know when clocks are changed', () => {
    gives([
      // 02:30 is skipped in spring, and comes twice in autumn.
      ["parseDate('29.03.2026 02:30', 'dd.MM.yyyy HH:mm', 'Europe/Vienna')", '2026-03-29T01:30:00.000Z'],
      ["parseDate('25.10.2026 02:30', 'dd.MM.yyyy HH:mm', 'Europe/Vienna')", '2026-10-25T00:30:00.000Z'],
      ["addDays('2026-03-28T12:00:00Z', 1, 'Europe/Vienna')", '2026-03-29T11:00:00.000Z'],
      ["addDays('2026-03-28T12:00:00Z', 1)", '2026-03-29T12:00:00.000Z'],
      ["timestamp('2026-03-28T12:00:00Z') + duration('24h')", '2026-03-29T12:00:00.000Z'],
    ]);
  });

  it('add months and days by the calendar', () => {
    gives([
      ["addMonths('2026-01-31', 1)", '2026-02-28T00:00:00.000Z'],
      ["addMonths('2026-01-31', -trigger.three)", '2025-10-31T00:00:00.000Z'],
      ["addMonths(addDays('2024-02-28', 1), 12)", '2025-02-28T00:00:00.000Z'],
      ["addDays('2026-01-01', -1)", '2025-12-31T00:00:00.000Z'],
    ]);
    refuses([["addDays('2026-01-01', 1.5)", /days must be a whole number/]]);
    refuses([["addMonths('9999-12-01', 1)", /from year 1 to 9999/]]);
  });
});

describe('functions between forms', () => {
  it('read and write JSON, base64 and URLs', () => {
    gives([
      [`parseJson('{"a": [1, null]}').a`, [1, null]],
      ["toJson({'a': [1, 2.5, null]})", '{"a":[1,2.5,null]}'],
      ['toJson(trigger.list)', '["a","b"]'],
      ["base64Encode('Grüße')", Buffer.from('Grüße').toString('base64')],
      ['base64Decode(base64Encode(trigger.text)) == trigger.text', true],
      ["['', 'a', 'ab', 'abc'].map(t, base64Decode(base64Encode(t)))", ['', 'a', 'ab', 'abc']],
      ["base64Decode('8J-YgA')", '😀'],
      ["urlEncode('a b&c')", 'a%20b%26c'],
    ]);
    refuses([
      ["parseJson('{')", /takes JSON/],
      ["base64Decode('a*')", /takes base64/],
      ["base64Decode('/w==')", /text in UTF-8/],
    ]);
  });

  it('hash as SHA-256 does', () => {
    for (const text of ['', 'abc', 'Grüße 😀', ...[55, 56, 63, 64, 65, 1000].map((n) => 'y'.repeat(n))]) {
      const expected = createHash('sha256').update(text).digest('hex');
      assert.equal(evaluateExpression('sha256(trigger)', { trigger: text }), expected, text.slice(0, 5));
    }
  });
});
