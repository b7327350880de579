import assert from 'node:assert/strict';
import { z } from 'zod';
import { hashDetails, sealDetails } from './audit-details.js';

const Content = z.object({
  origin: z.object({ ip: z.string().nullable(), userAgent: z.string().nullable() }).optional(),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
});

describe('the details of an audit entry', () => {
  const seal = (content: Parameters<typeof sealDetails>[0]) => {
    const details = sealDetails(content);
    assert.ok(details);
    return { details, content: Content.parse(JSON.parse(details.content)) };
  };

  it('are none where there is nothing to tell', () => {
    assert.equal(sealDetails({}), undefined);
  });

  it('have another hash each time, which salt and content give', () => {
    const [one, two] = [seal({ after: { title: 'A' } }).details, seal({ after: { title: 'A' } }).details];
    assert.notEqual(one.hash, two.hash);
    assert.equal(hashDetails(one.salt, one.content), one.hash);
    assert.notEqual(hashDetails(one.salt, one.content.replace('A', 'B')), one.hash);
  });

  it('tell only size and hash of values that are too large, and keep the others', () => {
    const { details, content } = seal({ after: { text: 'x'.repeat(50_000), title: 'Short' } });
    assert.ok(details.content.length < 16_384);
    assert.equal(content.after?.title, 'Short');
    assert.deepEqual(Object.keys(Object(content.after?.text)), ['bytes', 'sha256']);
  });

  it('stay small with any number of fields', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, 'value']));
    assert.ok(seal({ before: many, after: many }).details.content.length < 16_384);
  });

  it('cut what a program says of itself', () => {
    const { content } = seal({ origin: { ip: '203.0.113.9', network: null, userAgent: 'a'.repeat(5_000) } });
    assert.equal(content.origin?.userAgent?.length, 300);
  });
});
