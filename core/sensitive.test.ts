import assert from 'node:assert/strict';
import { z } from 'zod';
import { maskSensitive, sensitive } from './sensitive.js';

describe('masking what is sensitive', () => {
  const schema = z.strictObject({
    name: z.string(),
    salary: z.number().meta(sensitive).nullable().optional(),
    accounts: z.array(z.object({ bank: z.string(), iban: z.string().optional().meta(sensitive) })),
  });

  it('hides marked fields, however deep, and leaves the others', () => {
    const value = { name: 'Ann', salary: 9000, accounts: [{ bank: 'B', iban: 'DE1' }] };
    assert.deepEqual(maskSensitive(value, [schema]), {
      name: 'Ann',
      salary: '***',
      accounts: [{ bank: 'B', iban: '***' }],
    });
  });

  it('tells whether there is a value', () => {
    assert.deepEqual(maskSensitive({ name: 'Ann', salary: null }, [schema]), { name: 'Ann', salary: null });
  });

  it('hides what is named like a secret, marked or not', () => {
    const value = {
      password: 'a',
      clientSecret: 'b',
      access_token: 'c',
      apiKey: 'd',
      headers: { authorization: 'e' },
    };
    assert.doesNotMatch(JSON.stringify(maskSensitive(value, [])), /"[a-e]"/);
    assert.deepEqual(maskSensitive({ tokenCount: 5, key: 'k', secretary: 'Sue' }, []), {
      tokenCount: 5,
      key: 'k',
      secretary: 'Sue',
    });
  });

  it('hides what any of the schemas marks', () => {
    const other = z.object({ name: z.string().meta(sensitive) });
    assert.deepEqual(maskSensitive({ name: 'Ann' }, [schema, other]), { name: '***' });
  });
});
