import assert from 'node:assert/strict';
import { z } from 'zod';
import { createEnvironment } from './environment.js';
import { createTypeRegistry, jsonSchemaOf } from './json-schema-types.js';

function typeOf(schema: z.ZodType): string {
  return createTypeRegistry(createEnvironment()).typeOf(jsonSchemaOf(schema, 'output'));
}

describe('the types of expressions', () => {
  it('come from schemas', () => {
    const types: [z.ZodType, string][] = [
      [z.string(), 'string'],
      [z.enum(['a', 'b']), 'string'],
      [z.int(), 'double'],
      [z.number(), 'double'],
      [z.boolean(), 'bool'],
      [z.array(z.string()), 'list<string>'],
      [z.array(z.unknown()), 'list<dyn>'],
      [z.record(z.string(), z.number()), 'map<string, double>'],
      [z.object({}), 'map<string, dyn>'],
      [z.looseObject({}), 'map<string, dyn>'],
      [z.unknown(), 'dyn'],
      [z.object({ a: z.string() }), 'Object1'],
    ];
    for (const [schema, expected] of types) assert.equal(typeOf(schema), expected);
  });

  it('are unknown for a text or number that may be null, and kept for a list or object', () => {
    assert.equal(typeOf(z.string().nullable()), 'dyn');
    assert.equal(typeOf(z.union([z.string(), z.number()])), 'dyn');
    assert.equal(typeOf(z.array(z.string()).nullable()), 'list<string>');
    assert.equal(typeOf(z.object({ a: z.string() }).nullable()), 'Object1');
  });

  it('know the fields of nested objects', () => {
    const environment = createEnvironment();
    const schema = z.object({
      issue: z.object({ title: z.string(), labels: z.array(z.object({ name: z.string() })) }),
    });
    environment.registerVariable(
      'trigger',
      createTypeRegistry(environment).typeOf(jsonSchemaOf(schema, 'output')),
    );
    const check = (expression: string) => environment.parse(expression).check();
    assert.equal(check('trigger.issue.title').type, 'string');
    assert.equal(check("trigger.issue.labels.exists(l, l.name == 'bug')").type, 'bool');
    assert.equal(check('trigger.issue.titel').valid, false);
    assert.equal(check('trigger.issue.labels.exists(l, l.nam == "bug")').valid, false);
  });

  it('take what JSON Schema can not say as anything', () => {
    assert.equal(typeOf(z.custom<Date>()), 'dyn');
  });
});
