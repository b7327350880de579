import assert from 'node:assert/strict';
import { asObject } from './openapi/json-schema.js';
import { apiKey, type MemoryApp, memoryApp, type ServedApp, serve } from './testing/memory-app.js';
import { readJson } from './testing/read-json.js';
import { testActions } from './testing/test-actions.js';

const taskPath = '/v1/projects/0198c0de-0000-7000-8000-000000000001/tasks';
const json = 'application/json';

describe('a request beyond the limits', () => {
  let app: MemoryApp;
  let server: ServedApp;
  before(async () => {
    app = await memoryApp({ actions: testActions, perform: async () => ({}) });
    server = await serve(app);
  });
  after(() => server.close());

  const send = (body: string, headers: Record<string, string> = {}, path = taskPath) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': json, ...headers },
      body,
    });
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const keys = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1])));

  const bodies: [string, string, number, string, RegExp][] = [
    ['a nesting of 65 levels', nested(64), 400, 'malformed', /nested deeper than 64 levels/],
    ['a nesting of 250,000 levels', nested(250_000), 400, 'malformed', /nested deeper than 64 levels/],
    ['100,000 keys', keys(100_000), 413, 'payload_too_large', /larger than allowed/],
    [
      'a list of 200,000 numbers',
      `{"a":[${'1,'.repeat(199_999)}1]}`,
      400,
      'malformed',
      /more than 100000 values/,
    ],
    [
      'a text of 2 MiB',
      JSON.stringify({ title: 'x'.repeat(2 ** 21) }),
      413,
      'payload_too_large',
      /larger than/,
    ],
    ['a NUL character', '{"title":"\\u0000"}', 400, 'malformed', /NUL character/],
    ['half of a surrogate pair in a key', '{"\\ud800":1}', 400, 'malformed', /surrogate/],
    ['a list instead of an object', '[]', 400, 'malformed', /must be a JSON object/],
    ['broken JSON', '{"title":', 400, 'malformed', /could not be read/],
  ];
  for (const [what, body, status, code, detail] of bodies) {
    it(`is refused for ${what}, with ${code}`, async () => {
      const answer = await send(body);
      const problem = await readJson(answer);
      assert.deepEqual([answer.status, problem.code], [status, code]);
      assert.match(String(problem.detail), detail);
    });
  }

  it('is let in just below them', async () => {
    for (const body of [nested(63), `{"a":[${'1,'.repeat(99_000)}1]}`, keys(50_000)])
      assert.equal((await send(body)).status, 201);
  });

  it('takes the last of two fields of one name, as the sender’s JSON library would', async () => {
    await send('{"title":"first","title":"last"}');
    assert.equal(asObject(app.calls.at(-1)?.input).title, 'last');
  });

  it('is refused for another content type, a compressed body, and a key of strange characters', async () => {
    assert.equal((await send('{}', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await send('{}', { 'content-encoding': 'zstd' })).status, 415);
    const answer = await send('{}', { 'idempotency-key': 'x'.repeat(256) });
    assert.deepEqual([answer.status, (await readJson(answer)).code], [422, 'validation']);
  });

  it('is refused for an address of more than 8,192 characters', async () => {
    const answer = await fetch(`${server.url}/v1/tasks?status=${'x'.repeat(8_192)}`, {
      headers: { 'x-api-key': apiKey },
    });
    assert.deepEqual([answer.status, (await readJson(answer)).code], [413, 'payload_too_large']);
  });

  it('is refused for headers of more than 16 KiB', async () => {
    assert.equal((await send('{}', { 'x-long': 'x'.repeat(17 * 1024) })).status, 431);
  });

  it('can not bring fields into what every object has', async () => {
    await send('{"__proto__":{"isAdmin":true},"title":"x"}');
    assert.equal(Reflect.get({}, 'isAdmin'), undefined);
  });
});
