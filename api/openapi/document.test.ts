import assert from 'node:assert/strict';
import { z } from 'zod';
import { createCatalogue } from '#core/catalogue.js';
import { testActions } from '../testing/test-actions.js';
import { testConnector } from '../testing/test-connector.js';
import { createOpenApiDocument } from './document.js';
import { asArray, asObject } from './json-schema.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const catalogue = createCatalogue(
  [{ name: 'test', description: 'What tests do.', actions: testActions, events: [] }],
  [testConnector],
);
const document = asObject(JSON.parse(JSON.stringify(createOpenApiDocument(catalogue, '1.2.3'))));

const operations = Object.entries(asObject(document.paths)).flatMap(([path, item]) =>
  methods
    .filter((method) => Object.hasOwn(asObject(item), method))
    .map((method) => ({ path, method, operation: asObject(asObject(item)[method]) })),
);
const operationAt = (method: string, path: string) =>
  operations.find((entry) => entry.path === path && entry.method === method)?.operation ?? {};

function lookUp(pointer: string): unknown {
  return pointer
    .replace('#/', '')
    .split('/')
    .reduce((node: unknown, key) => asObject(node)[key.replaceAll('~1', '/')], document);
}
function parametersOf(operation: Record<string, unknown>) {
  return asArray(operation.parameters).map((entry) => {
    const { $ref } = asObject(entry);
    return asObject(typeof $ref === 'string' ? lookUp($ref) : entry);
  });
}

describe('the OpenAPI document', () => {
  it('has the members that OpenAPI 3.1 requires', () => {
    const Shape = z.object({
      openapi: z.literal('3.1.0'),
      info: z.object({ title: z.literal('WorkSynapse API'), version: z.literal('1.2.3') }),
      tags: z.array(z.object({ name: z.string(), description: z.string().min(1) })),
      components: z.object({
        securitySchemes: z.object({
          bearer: z.object({ type: z.literal('http'), scheme: z.literal('bearer') }),
          apiKey: z.object({ type: z.literal('apiKey'), in: z.literal('header'), name: z.string() }),
        }),
      }),
    });
    Shape.parse(document);
    for (const name of Object.keys(asObject(asObject(document.components).schemas))) {
      assert.match(name, /^[A-Za-z0-9._-]+$/);
    }
  });

  it('has a description in each response, and statuses only as their names', () => {
    for (const { operation } of operations) {
      const responses = Object.entries(asObject(operation.responses));
      assert.ok(responses.length > 0);
      for (const [status, response] of responses) {
        assert.match(status, /^[1-5]\d\d$/);
        const { $ref } = asObject(response);
        const resolved = asObject(typeof $ref === 'string' ? lookUp($ref) : response);
        assert.equal(typeof resolved.description, 'string');
      }
    }
  });

  it('has no reference that leads nowhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, pointer = '']) => pointer,
    );
    assert.ok(references.length > 0);
    for (const pointer of references) assert.notEqual(lookUp(pointer), undefined, pointer);
  });

  it('has unique operation ids, which are the names of the actions', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const action of catalogue.actions.values()) {
      assert.equal(
        ids.includes(action.name),
        action.http !== undefined || action.kind === 'connector',
        action.name,
      );
    }
  });

  it('declares each path parameter once, as required, and no other', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const declared = parametersOf(operation).filter((parameter) => parameter.in === 'path');
      assert.deepEqual(declared.map(({ name }) => name).sort(), inPath.sort(), path);
      assert.ok(declared.every(({ required }) => required === true));
    }
  });

  it('uses only tags that it describes', () => {
    const described = asArray(document.tags).map((tag) => asObject(tag).name);
    for (const { operation } of operations) {
      for (const tag of asArray(operation.tags)) assert.ok(described.includes(tag), String(tag));
    }
  });

  it('groups operations by business area and by app, as these describe themselves', () => {
    assert.deepEqual(operationAt('get', '/v1/tasks').tags, ['test']);
    const described = new Map(
      asArray(document.tags).map((tag) => [asObject(tag).name, asObject(tag).description]),
    );
    assert.equal(described.get('test'), 'What tests do.');
    assert.equal(described.get(testConnector.name), testConnector.description);
  });

  it('puts the fields of a GET into the query and those of a POST into the body, without path fields', () => {
    const list = parametersOf(operationAt('get', '/v1/tasks'));
    assert.deepEqual(
      list.map(({ name }) => name),
      ['status', 'limit'],
    );
    assert.equal(list[1]?.description, 'Items of a page.');
    assert.equal(list[1]?.required, false);

    const create = operationAt('post', '/v1/projects/{projectId}/tasks');
    const json = asObject(asObject(asObject(create.requestBody).content)['application/json']);
    const schema = asObject(json.schema);
    assert.deepEqual(Object.keys(asObject(schema.properties)), ['title', 'parent']);
    assert.deepEqual(schema.required, ['title']);
    assert.deepEqual(json.examples, { example1: { value: { title: 'Write the report' } } });
  });

  it('does not ask for a path field a second time in the query', () => {
    const parameters = parametersOf(operationAt('get', '/v1/tasks/{id}'));
    assert.deepEqual(
      parameters.map(({ name, in: place }) => [name, place]),
      [['id', 'path']],
    );
  });

  it('has no body where the path says everything', () => {
    assert.equal(operationAt('post', '/v1/tasks/{id}/restore').requestBody, undefined);
  });

  it('says what an action does and what it needs', () => {
    const remove = operationAt('delete', '/v1/tasks/{id}');
    assert.equal(remove['x-effect'], 'destroy');
    assert.equal(remove['x-permission'], 'tasks:delete');
    assert.deepEqual(Object.keys(asObject(asObject(remove.responses)['204'])), ['description']);
    assert.deepEqual(operationAt('post', '/v1/log-in').security, []);
  });

  it('offers Idempotency-Key on writes and If-Match where there is a version', () => {
    const headers = (method: string, path: string) =>
      parametersOf(operationAt(method, path))
        .filter((parameter) => parameter.in === 'header')
        .map(({ name }) => name);
    assert.deepEqual(headers('patch', '/v1/tasks/{id}'), ['Idempotency-Key', 'If-Match']);
    assert.deepEqual(headers('get', '/v1/tasks'), []);
    assert.deepEqual(headers('post', '/v1/connections/{connectionId}/actions/acme.send'), [
      'Idempotency-Key',
    ]);
  });

  it('names the codes of each error answer', () => {
    const { 403: forbidden, 422: validation } = asObject(operationAt('patch', '/v1/tasks/{id}').responses);
    assert.deepEqual(validation, { $ref: '#/components/responses/Problem422' });
    assert.deepEqual(forbidden, { $ref: '#/components/responses/Problem403' });
    const content = asObject(asObject(lookUp('#/components/responses/Problem403')).content);
    const { examples } = asObject(content['application/problem+json']);
    assert.deepEqual(Object.keys(asObject(examples)), [
      'forbidden',
      'step_up_required',
      'approval_required',
      'organization_suspended',
    ]);
  });

  it('takes schemas that refer to themselves', () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree);
      },
    });
    const [action] = testActions;
    assert.ok(action);
    const output = z.object({ tree: Tree, again: Tree });
    const trees = createCatalogue(
      [
        {
          name: 'test',
          description: 'What tests do.',
          actions: [
            { ...action, output },
            { ...action, name: 'trees.root', http: { method: 'get', path: '/t' }, output: Tree },
          ],
          events: [],
        },
      ],
      [],
    );
    const text = JSON.stringify(createOpenApiDocument(trees, '1'));
    const { schemas } = asObject(asObject(JSON.parse(text)).components);
    for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)"/g)) {
      assert.ok(Object.hasOwn(asObject(schemas), name), name);
    }
    assert.doesNotMatch(text, /\$defs/);
  });

  it('refuses two different schemas of one id', () => {
    const [action] = testActions;
    assert.ok(action);
    const actions = [z.string(), z.number()].map((type, index) => ({
      ...action,
      name: `tasks.x${index}`,
      http: { method: 'get' as const, path: `/x${index}` as const },
      output: z.object({ part: z.object({ field: type }).meta({ id: 'SameId' }) }),
    }));
    const doubled = createCatalogue(
      [{ name: 'test', description: 'What tests do.', actions, events: [] }],
      [],
    );
    assert.throws(() => createOpenApiDocument(doubled, '1'), /SameId/);
  });
});
