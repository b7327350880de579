import assert from 'node:assert/strict';
import { z } from 'zod';
import { jsonSize } from '../packed-value.js';
import { exampleOfSchema, exampleOfType } from './example-of-schema.js';
import { OutputSchema, schemaOfInput } from './input-schema.js';

const nowMs = Date.UTC(2027, 2, 1, 8, 30);

function exampleOf(schema: object): unknown {
  return exampleOfSchema(schema, nowMs);
}

describe('an example of a JSON Schema', () => {
  it('has every field, the optional ones too, each of its type', () => {
    const schema = {
      type: 'object',
      properties: {
        title: { type: 'string' },
        amount: { type: 'number' },
        isOpen: { type: 'boolean' },
        nothing: { type: 'null' },
        anything: {},
        labels: { type: 'array', items: { type: 'string' } },
        owner: { type: 'object', properties: { name: { type: 'string' } } },
        rest: { type: 'object' },
        list: { items: { type: 'integer' } },
      },
      required: ['title', 'unlisted'],
    };
    assert.deepEqual(exampleOf(schema), {
      title: 'title',
      amount: 1,
      isOpen: true,
      nothing: null,
      anything: null,
      labels: ['labels'],
      owner: { name: 'name' },
      rest: {},
      list: [1],
      unlisted: null,
    });
  });

  it('is what the schema itself tells: a constant, an example, a default, a choice', () => {
    const told = { examples: ['of'], default: 'by default', enum: ['choice'] };
    assert.equal(exampleOf({ ...told, const: null }), null);
    assert.equal(exampleOf(told), 'of');
    assert.equal(exampleOf({ ...told, examples: [] }), 'by default');
    assert.deepEqual(exampleOf({ type: 'object', default: { a: 1 } }), { a: 1 });
    assert.equal(exampleOf({ default: false, enum: [true, false] }), false);
    assert.equal(exampleOf({ type: ['string', 'null'], enum: [null, 'choice'] }), null);
  });

  it('is of the first alternative that is not null, with what stands beside it', () => {
    assert.equal(exampleOf({ anyOf: [{ type: 'null' }, { type: 'boolean' }, { type: 'string' }] }), true);
    assert.equal(exampleOf({ oneOf: [{ type: 'integer' }, { type: 'null' }] }), 1);
    assert.equal(exampleOf({ anyOf: [{ type: 'null' }] }), null);
    assert.equal(exampleOf({ type: ['null', 'boolean'] }), true);
    const beside = { type: 'object', properties: { a: { type: 'boolean' } } };
    const b = { properties: { b: { type: 'boolean' } } };
    assert.deepEqual(exampleOf({ ...beside, anyOf: [b, {}] }), { a: true, b: true });
  });

  it('fits the formats', () => {
    assert.equal(exampleOf({ type: 'string', format: 'date' }), '2027-03-01');
    assert.equal(exampleOf({ type: 'string', format: 'date-time' }), '2027-03-01T08:30:00.000Z');
    for (const format of ['email', 'uri', 'uuid', 'date', 'date-time'])
      assertFits({ type: 'string', format });
  });

  it('fits the bounds', () => {
    for (const schema of [
      { type: 'string', minLength: 12 },
      { type: 'string', maxLength: 2 },
      { type: 'integer', minimum: 5, maximum: 7 },
      { type: 'integer', maximum: -3 },
      { type: 'integer', exclusiveMinimum: 2.5 },
      { type: 'number', exclusiveMinimum: 3, exclusiveMaximum: 3.5 },
      { type: 'number', maximum: -0.5 },
      { type: 'integer', minimum: 5, multipleOf: 4 },
      { type: 'number', maximum: -1, multipleOf: 0.5 },
      { type: 'array', minItems: 3, items: { type: 'string' } },
      { type: 'array', maxItems: 0, items: { type: 'string' } },
      { type: 'array' },
      { type: 'object', required: ['a'], additionalProperties: { type: 'number' } },
    ]) {
      assertFits(schema);
    }
  });

  it('has the items of a list that holds each at its place', () => {
    assert.deepEqual(exampleOfType(z.tuple([z.string(), z.number()]), nowMs), ['text', 1]);
  });

  it('is of what a zod schema gives', () => {
    const type = z.object({ id: z.uuid(), count: z.int(), dueOn: z.iso.date().nullable(), any: z.unknown() });
    const example = exampleOfType(type, nowMs);
    assert.deepEqual(type.parse(example), example);
    assert.deepEqual(
      { ...type.parse(example), id: '' },
      { id: '', count: 1, dueOn: '2027-03-01', any: null },
    );
  });

  it('stays small, however many items and letters are asked for', () => {
    const many = (items: object) => ({ type: 'array', minItems: 1_000_000_000, items });
    const long = { type: 'string', minLength: 1_000_000_000 };
    const told = { default: 'x'.repeat(10_000) };
    const empty = many({ type: 'object' });
    const none = many({ type: 'array', maxItems: 0 });
    for (const schema of [many(many(many({ type: 'null' }))), long, many(long), many(told), empty, none]) {
      assert.ok(jsonSize(exampleOf(schema)) < 200_000);
    }
  });

  it('ends where a schema is too deep, or goes back to itself', () => {
    let schema: object = { type: 'boolean' };
    for (let depth = 0; depth < 10_000; depth += 1) schema = { type: 'object', properties: { in: schema } };
    assert.match(JSON.stringify(exampleOf(schema)), /^(\{"in":)+null\}+$/);
    assert.deepEqual(exampleOf({ type: 'object', properties: { again: { $ref: '#' } } }), { again: null });
  });

  function assertFits(schema: object): void {
    const example = exampleOf(schema);
    const { error } = schemaOfInput(OutputSchema.parse(schema)).safeParse(example);
    assert.equal(error, undefined, `${JSON.stringify(example)} for ${JSON.stringify(schema)}`);
  }
});
