import assert from 'node:assert/strict';
import { z } from 'zod';
import { buildAutomation, chain, getRun } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRun, startedRuns } from '../builders/watch-runs.js';
import { type ServedSystem, servedSystem } from './served-system.js';
import { respond } from './webhook-automation.js';

const Run = z.object({ id: z.uuid(), status: z.string() });
const Problem = z.object({
  code: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const inputSchema = {
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 10 },
    count: { type: 'integer', minimum: 1 },
    kind: { enum: ['bug', 'wish'], default: 'bug' },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
  },
  required: ['title'],
  additionalProperties: false,
};

describe('an automation that is called over the API', () => {
  let system: ServedSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await servedSystem();
    organization = await buildOrganization(system.app);
  });

  async function build(nodes: readonly ({ id: string } & Record<string, unknown>)[], input: object = {}) {
    const definition = chain({ type: 'api', input }, nodes);
    return (await buildAutomation(system.app, organization.caller, definition)).id;
  }
  function call(id: string, body: object, headers: Record<string, string> = {}) {
    return fetch(`${system.address}/v1/automations/${id}/runs`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${organization.accessToken}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }

  it('starts a run and answers 202 with it', async () => {
    const id = await build([{ id: 'note', type: 'set', input: { values: { a: '{{ trigger.a }}' } } }]);
    const response = await call(id, { input: { a: 7 } });
    assert.equal(response.status, 202);
    const run = await finishedRun(system.app, organization.caller, Run.parse(await response.json()).id);
    assert.deepEqual(run.steps[0]?.output, { inline: { a: 7 } });
  });

  it('answers with what the run says, or with its result, when the caller waits', async () => {
    const answering = await build([
      respond('answer', { status: 418, body: { twice: '{{ trigger.n * 2 }}' } }),
    ]);
    const answer = await call(answering, { input: { n: 21 }, wait: true });
    assert.deepEqual([answer.status, await answer.json()], [418, { twice: 42 }]);
    const ending = await build([{ id: 'end', type: 'stop', input: { output: '{{ trigger.n }}' } }]);
    const result = await call(ending, { input: { n: 5 }, wait: true });
    assert.deepEqual([result.status, await result.json()], [200, 5]);
    const failing = await build([{ id: 'end', type: 'stop', input: { status: 'failed' } }]);
    assert.equal((await call(failing, { wait: true })).status, 502);
    const slow = await build([{ id: 'rest', type: 'wait', input: { duration: '3s' } }]);
    const late = await call(slow, { wait: true, timeout: 1 });
    assert.equal(late.status, 504);
    assert.equal(
      (await getRun(system.app, organization.caller, late.headers.get('x-run-id') ?? '')).status,
      'waiting',
    );
  });

  it('starts one run for one idempotency key, and answers the same again', async () => {
    const id = await build([respond('answer', { body: '{{ run.id }}' })]);
    const send = async (input: object) => call(id, { input, wait: true }, { 'idempotency-key': 'once' });
    const first = await (await send({ a: 1 })).text();
    assert.equal(await (await send({ a: 1 })).text(), first);
    assert.equal((await send({ a: 2 })).status, 422, 'the same key for something else');
    assert.deepEqual(await startedRuns(system.app, organization.caller, id), [first]);
  });

  it('checks what it is given by its schema, and names the field', async () => {
    const id = await build([respond('answer', { body: '{{ trigger }}' })], { inputSchema });
    const refused: [object, string][] = [
      [{}, 'input.title'],
      [{ title: '' }, 'input.title'],
      [{ title: 'a', count: 0 }, 'input.count'],
      [{ title: 'a', count: 1.5 }, 'input.count'],
      [{ title: 'a', kind: 'other' }, 'input.kind'],
      [{ title: 'a', tags: ['b', 3] }, 'input.tags.1'],
      [{ title: 'a', extra: 1 }, 'input'],
    ];
    for (const [input, path] of refused) {
      for (const wait of [true, false]) {
        const response = await call(id, { input, wait });
        assert.equal(response.status, 422, JSON.stringify(input));
        const { issues = [] } = Problem.parse(await response.json());
        assert.deepEqual(
          issues.map((issue) => issue.path),
          [path],
        );
      }
    }
    const response = await call(id, { input: { title: 'a', tags: ['b'] }, wait: true });
    assert.deepEqual(await response.json(), { title: 'a', tags: ['b'], kind: 'bug' });
  });

  it('lets nobody wait without signing in, for another organization, or without the right', async () => {
    const id = await build([respond('answer', { body: 'secret' })]);
    assert.equal((await call(id, { wait: true }, { authorization: '' })).status, 401);
    const other = await buildOrganization(system.app);
    const authorization = `Bearer ${other.accessToken}`;
    assert.equal((await call(id, { wait: true }, { authorization })).status, 404);
    const key = z.object({ key: z.string() }).parse(
      await system.app.perform(organization.caller, 'api_keys.create', {
        name: 'Key',
        scopes: ['runs:read'],
      }),
    );
    assert.equal((await call(id, { wait: true }, { authorization: `Bearer ${key.key}` })).status, 403);
  });
});
