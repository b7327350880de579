import assert from 'node:assert/strict';
import { maskFindings, maskText } from './mask-findings.js';

describe('Masking of what was said to a model', () => {
  const cases: readonly [string, string][] = [
    ['Write to ada@example.com today', 'Write to [email] today'],
    ['Call +44 20 7946 0958 now', 'Call [phone] now'],
    ['IBAN GB82 WEST 1234 5698 7654 32.', 'IBAN [iban].'],
    ['Card 4111 1111 1111 1111, order 1234 5678 9012 3456', 'Card [payment_card], order 1234 5678 9012 3456'],
    ['SSN 078-05-1120', 'SSN [us_social_security_number]'],
    ['key AKIAIOSFODNN7EXAMPLE', 'key [aws_access_key]'],
    [`ghp_${'a1B2'.repeat(9)}`, '[github_token]'],
    ['xoxb-123456789012-abcdefABCDEF', '[slack_token]'],
    [`sk-ant-api03-${'x'.repeat(40)}`, '[anthropic_key]'],
    [`sk-proj-${'y'.repeat(40)}`, '[openai_key]'],
    ['postgres://app:hunter22@db.example.com/main', '[address_with_password]/main'],
    ['password: correct-horse', '[password]'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', '[private_key]'],
    ['Invoice 2026-11-20 of 1 250,00 EUR', 'Invoice 2026-11-20 of 1 250,00 EUR'],
    ['The token bucket has 5 tokens', 'The token bucket has 5 tokens'],
  ];
  for (const [text, shown] of cases) {
    it(`shows “${text.slice(0, 30)}” as “${shown}”`, () => assert.equal(maskText(text), shown));
  }

  it('looks into every text of a value, and leaves names and numbers alone', () => {
    const value = [
      { role: 'user', text: 'I am bob@example.com' },
      { n: 5, on: true, none: null },
    ];
    assert.deepEqual(maskFindings(value), [
      { role: 'user', text: 'I am [email]' },
      { n: 5, on: true, none: null },
    ]);
  });

  it('takes time in proportion to the text, whatever is in it', () => {
    for (const piece of ['a@', 'sk-', '+1 ', '1 ', 'eyJaaaaaaaaa.', 'GB82 ', 'password=', 'x://a:b']) {
      const text = piece.repeat(Math.ceil(200_000 / piece.length));
      const started = performance.now();
      maskText(text);
      assert.ok(performance.now() - started < 2_000, `${piece} took long`);
    }
  }).timeout(20_000);
});
