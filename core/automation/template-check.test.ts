import assert from 'node:assert/strict';
import { z } from 'zod';
import { jsonSchemaOf } from '../expression/json-schema-types.js';
import { createExpressionCheck, noSteps } from './expression-check.js';
import { checkTemplates, typeOfTemplate } from './template-check.js';

const trigger = z.object({
  title: z.string(),
  count: z.number(),
  isOpen: z.boolean(),
  tags: z.array(z.string()),
  author: z.object({ name: z.string() }),
  body: z.unknown(),
  note: z.string().nullable(),
});

const check = () =>
  createExpressionCheck({
    trigger: jsonSchemaOf(trigger, 'output'),
    steps: noSteps,
    nodeIds: new Set(['later']),
  });

function issuesOf(value: unknown, schema: z.ZodType): string[] {
  return checkTemplates(value, jsonSchemaOf(schema, 'input'), check(), 'input').map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

describe('checkTemplates', () => {
  it('takes each form that a value may have', () => {
    const schema = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('text'), text: z.string() }),
      z.strictObject({ kind: z.literal('file'), address: z.string(), size: z.number() }),
    ]);
    assert.deepEqual(issuesOf({ kind: 'text', text: '{{ trigger.title }}' }, schema), []);
    assert.deepEqual(issuesOf({ kind: 'file', address: '{{ trigger.title }}', size: 1 }, schema), []);
    assert.deepEqual(issuesOf({ kind: 'file', address: 'a', size: '{{ trigger.title }}', more: 1 }, schema), [
      'input.size: must be number, but is string',
      'input.more: is not a field here; known: kind, address, size',
    ]);
  });

  it('takes what will have the wanted type', () => {
    const fits: [unknown, z.ZodType][] = [
      ['{{ trigger.title }}', z.string()],
      ['{{ trigger.count }} of them', z.string()],
      ['{{ trigger.count + 1 }}', z.number()],
      ['{{ size(trigger.tags) }}', z.int()],
      ['{{ trigger.isOpen && true }}', z.boolean()],
      ['{{ trigger.tags }}', z.array(z.string())],
      [['{{ trigger.title }}', 'b'], z.array(z.string())],
      ['{{ trigger.author }}', z.object({ name: z.string() })],
      ['{{ trigger.body }}', z.number()],
      ['{{ trigger.body.what.ever }}', z.boolean()],
      ['{{ trigger.note }}', z.string()],
      [null, z.string().nullable()],
      ['{{ trigger.title }}', z.union([z.number(), z.string()])],
      ['high', z.enum(['low', 'high'])],
      ['{{ trigger.title }}', z.enum(['low', 'high'])],
      [{ any: '{{ trigger.count }}' }, z.record(z.string(), z.unknown())],
      [{ more: 1 }, z.looseObject({})],
      [7, z.unknown()],
    ];
    for (const [value, schema] of fits) assert.deepEqual(issuesOf(value, schema), [], JSON.stringify(value));
  });

  it('refuses what will have another type', () => {
    assert.deepEqual(issuesOf('{{ trigger.count }}', z.string()), ['input: must be string, but is number']);
    assert.deepEqual(issuesOf('{{ trigger.title }}', z.number()), ['input: must be number, but is string']);
    assert.deepEqual(issuesOf('n {{ trigger.count }}', z.number()), ['input: must be number, but is string']);
    assert.deepEqual(issuesOf('{{ trigger.tags }}', z.string()), ['input: must be string, but is array']);
    assert.deepEqual(issuesOf('{{ trigger.author }}', z.string()), ['input: must be string, but is object']);
    assert.deepEqual(issuesOf(true, z.string()), ['input: must be string, but is boolean']);
    assert.deepEqual(issuesOf([1], z.string()), ['input: must be string, but is array']);
    assert.deepEqual(issuesOf(null, z.string()), ['input: must be string, but is null']);
    assert.deepEqual(issuesOf(true, z.union([z.string(), z.number()])), [
      'input: must be string or number, but is boolean',
    ]);
  });

  it('points at the field', () => {
    const schema = z.object({ rows: z.array(z.object({ title: z.string() })) });
    assert.deepEqual(issuesOf({ rows: [{ title: 'ok' }, { title: '{{ trigger.count }}' }] }, schema), [
      'input.rows.1.title: must be string, but is number',
    ]);
  });

  it('refuses unknown and missing fields, and words that are not on the list', () => {
    const schema = z.object({ title: z.string(), size: z.enum(['s', 'm']).optional() });
    assert.deepEqual(issuesOf({ titel: 'x', size: 'l' }, schema), [
      'input.titel: is not a field here; known: title, size',
      'input.size: must be one of s, m',
      'input.title: is required',
    ]);
  });

  it('does not ask for fields that have a default', () => {
    assert.deepEqual(issuesOf({}, z.object({ size: z.string().default('m') })), []);
  });

  it('shows the expression that can not work', () => {
    assert.match(
      issuesOf('a {{ trigger.titel }}', z.string())[0] ?? '',
      /^input: \{\{ trigger\.titel \}\}: .*titel/,
    );
    assert.match(
      issuesOf('{{ steps.later.output }}', z.unknown())[0] ?? '',
      /steps\.later does not run before this/,
    );
    assert.match(issuesOf('{{ steps.ghost.output }}', z.unknown())[0] ?? '', /there is no step ghost/);
    assert.match(issuesOf('{{ 1 + }}', z.unknown())[0] ?? '', /\{\{ 1 \+ \}\}/);
    assert.match(issuesOf('{{ open', z.unknown())[0] ?? '', /\{\{ without \}\}/);
    assert.match(
      issuesOf("{{ trigger.title.matches('a') }}", z.unknown())[0] ?? '',
      /matches\(\) is not available/,
    );
  });
});

describe('typeOfTemplate', () => {
  it('is what later steps can count on', () => {
    const types = [
      'plain',
      '{{ trigger.title }}',
      'n {{ trigger.count }}',
      '{{ trigger.count }}',
      '{{ 1 + 1 }}',
      '{{ trigger.isOpen }}',
      '{{ trigger.tags }}',
      '{{ trigger.author }}',
      '{{ trigger.body }}',
      7,
      true,
      null,
      [1],
      { a: 1 },
    ].map((template) => typeOfTemplate(template, check()));
    assert.deepEqual(types, [
      'string',
      'string',
      'string',
      'double',
      'double',
      'bool',
      'list<string>',
      'dyn',
      'dyn',
      'double',
      'bool',
      'null',
      'list',
      'map',
    ]);
  });
});
