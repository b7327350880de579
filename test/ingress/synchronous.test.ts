import assert from 'node:assert/strict';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { runs } from '#db/schema/index.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun, finishedRuns, startedRuns } from '../builders/watch-runs.js';
import { type ServedSystem, servedSystem, serveSystem } from './served-system.js';
import { buildWebhookAutomation, postJson, respond } from './webhook-automation.js';

const Problem = z.object({ status: z.number(), code: z.string(), runId: z.uuid().optional() });
const waits = { input: { response: 'respond' } };
const set = (id: string, values: object) => ({ id, type: 'set', input: { values } });

describe('a webhook whose sender waits', () => {
  let system: ServedSystem;
  before(async () => {
    system = await servedSystem();
  });

  it('is answered with what the run of its own says: status, headers, an object as JSON', async () => {
    const { webhookUrl } = await buildWebhookAutomation(system.app, waits, [
      set('sum', { total: '{{ trigger.body.a + trigger.body.b }}' }),
      respond('answer', {
        status: '{{ 200 + 1 }}',
        headers: { 'X-Total': '{{ string(steps.sum.output.total) }}' },
        body: { total: '{{ steps.sum.output.total }}', from: 'us' },
      }),
    ]);
    const answers = await Promise.all([1, 2, 3, 4].map((a) => postJson(webhookUrl, { a, b: 10 })));
    for (const [index, response] of answers.entries()) {
      assert.equal(response.status, 201);
      assert.equal(response.headers.get('x-total'), String(index + 11));
      assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
      assert.equal(response.headers.get('content-security-policy'), 'sandbox');
      assert.deepEqual(await response.json(), { total: index + 11, from: 'us' });
    }
  });

  it('gets text as text, in the type that the answer says, and no body where there is none', async () => {
    const { webhookUrl } = await buildWebhookAutomation(system.app, waits, [
      respond('answer', { headers: { 'content-type': 'text/csv' }, body: 'a,{{ trigger.body.a }}' }),
    ]);
    const csv = await postJson(webhookUrl, { a: 7 });
    assert.equal(csv.headers.get('content-type'), 'text/csv');
    assert.equal(await csv.text(), 'a,7');
    const plain = await buildWebhookAutomation(system.app, waits, [respond('answer', { body: 'Grüße' })]);
    const text = await postJson(plain.webhookUrl, {});
    assert.equal(text.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(await text.text(), 'Grüße');
    const bare = await buildWebhookAutomation(system.app, waits, [respond('answer', { status: 202 })]);
    const empty = await postJson(bare.webhookUrl, {});
    assert.deepEqual([empty.status, await empty.text()], [202, '']);
  });

  it('gets a body that is too large for the run itself', async () => {
    const { webhookUrl } = await buildWebhookAutomation(system.app, waits, [
      respond('answer', { body: { twice: '{{ trigger.body.text + trigger.body.text }}' } }),
    ]);
    const text = 'Ein langer Text. '.repeat(10_000);
    const response = await postJson(webhookUrl, { text });
    assert.deepEqual(await response.json(), { twice: text + text });
  });

  it('is answered while the run goes on, by the first answer only', async () => {
    const automation = await buildWebhookAutomation(system.app, waits, [
      respond('first', { body: 'first' }),
      { id: 'rest', type: 'wait', input: { duration: '300ms' } },
      respond('second', { body: 'second' }),
    ]);
    const response = await postJson(automation.webhookUrl, {});
    assert.equal(await response.text(), 'first');
    const [run] = await finishedRuns(system.app, automation.caller, automation.automationId);
    assert.equal(run?.status, 'succeeded');
    assert.equal(response.headers.get('x-run-id'), run?.id);
  });

  it('gets the result of a run that answers nothing, 204 without one', async () => {
    const stop = (output?: object) => ({ id: 'end', type: 'stop', input: output ? { output } : {} });
    const silent = await buildWebhookAutomation(system.app, waits);
    assert.equal((await postJson(silent.webhookUrl, {})).status, 204);
    const withResult = await buildWebhookAutomation(system.app, waits, [stop({ a: '{{ trigger.body.a }}' })]);
    const response = await postJson(withResult.webhookUrl, { a: 5 });
    assert.deepEqual([response.status, await response.json()], [200, { a: 5 }]);
  });

  it('gets 204 and starts nothing where the condition of the trigger does not hold', async () => {
    const trigger = { ...waits, where: '{{ trigger.body.go }}' };
    const automation = await buildWebhookAutomation(system.app, trigger, [
      respond('answer', { body: 'went' }),
    ]);
    assert.equal((await postJson(automation.webhookUrl, { go: false })).status, 204);
    const response = await postJson(automation.webhookUrl, { go: true });
    assert.equal(await response.text(), 'went');
    const runs = await startedRuns(system.app, automation.caller, automation.automationId);
    assert.deepEqual(runs, [response.headers.get('x-run-id')]);
  });

  it('gets 502 with the id of a run that fails, and nothing of why', async () => {
    const { webhookUrl } = await buildWebhookAutomation(system.app, waits, [
      { id: 'end', type: 'stop', input: { status: 'failed', message: 'The secret reason' } },
    ]);
    const response = await postJson(webhookUrl, {});
    const text = await response.text();
    const problem = Problem.parse(JSON.parse(text));
    assert.deepEqual([response.status, problem.code], [502, 'run_failed']);
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.equal(problem.runId, response.headers.get('x-run-id'));
    assert.doesNotMatch(text, /secret/);
  });

  it('gets 502 where the answer itself turns out not to be one', async () => {
    const { webhookUrl } = await buildWebhookAutomation(system.app, waits, [
      respond('answer', {
        status: '{{ trigger.body.status }}',
        headers: { 'x-a': '{{ trigger.body.header }}' },
      }),
    ]);
    for (const body of [
      { status: 99, header: 'a' },
      { status: 200, header: 'a\r\nset-cookie: b' },
    ]) {
      assert.equal((await postJson(webhookUrl, body)).status, 502);
    }
    assert.equal((await postJson(webhookUrl, { status: 200, header: 'a' })).status, 200);
  });

  it('gets 504 with the id of the run when its time is up, and the run goes on', async () => {
    const automation = await buildWebhookAutomation(
      system.app,
      { input: { response: 'respond', timeout: '1s' } },
      [{ id: 'rest', type: 'wait', input: { duration: '2s' } }, respond('answer', { body: 'late' })],
    );
    const response = await postJson(automation.webhookUrl, {});
    const problem = Problem.parse(await response.json());
    assert.deepEqual([response.status, problem.code], [504, 'run_unfinished']);
    const run = await finishedRun(system.app, automation.caller, problem.runId ?? '');
    assert.equal(run.status, 'succeeded');
  });

  it('gets the same answer again when the same delivery comes again', async () => {
    const automation = await buildWebhookAutomation(system.app, waits, [
      respond('answer', { body: '{{ run.id }}' }),
    ]);
    const send = async () => (await postJson(automation.webhookUrl, {}, { 'webhook-id': 'one' })).text();
    const answers = await Promise.all([send(), send(), send()]);
    assert.equal(new Set([...answers, await send()]).size, 1);
    assert.equal((await automation.listDeliveries()).length, 1);
  });

  it('is answered as itself when many come at once, though their runs share workflows', async () => {
    const { app } = system;
    const automation = await buildWebhookAutomation(app, waits, [
      set('sum', { total: '{{ trigger.body.a + 1 }}' }),
      respond('answer', { body: { total: '{{ steps.sum.output.total }}', run: '{{ run.id }}' } }),
    ]);
    // Each is sent twice.
    const numbers = [...Array(20).keys(), ...Array(20).keys()];
    const answers = await Promise.all(
      numbers.map(async (a) => {
        const response = await postJson(automation.webhookUrl, { a }, { 'webhook-id': `number-${a}` });
        const runId = response.headers.get('x-run-id');
        return { a, runId, body: z.object({ total: z.int(), run: z.uuid() }).parse(await response.json()) };
      }),
    );
    for (const { a, runId, body } of answers) assert.deepEqual(body, { total: a + 1, run: runId });
    const made = await app.services.database.withOrg(automation.orgId, (transaction) =>
      transaction.select().from(runs).where(eq(runs.automationId, automation.automationId)),
    );
    assert.deepEqual(new Set(made.map(({ id }) => id)), new Set(answers.map(({ runId }) => runId)));
    assert.equal(made.length, 20);
    assert.ok(new Set(made.map(({ workflowId }) => workflowId)).size < 20);
  });

  it('finds no place beyond the bound of its organization, and nothing is started', async () => {
    const { app } = await serveSystem({ limits: { waitingPerOrganization: 2 } });
    const organization = await buildOrganization(app);
    const slow = [
      { id: 'rest', type: 'wait', input: { duration: '1500ms' } },
      respond('answer', { body: 'ok' }),
    ];
    const automation = await buildWebhookAutomation(app, waits, slow, organization);
    const other = await buildWebhookAutomation(app, waits, [respond('answer', { body: 'other' })]);
    const first = [postJson(automation.webhookUrl, {}), postJson(automation.webhookUrl, {})];
    await startedRuns(app, automation.caller, automation.automationId, 2);
    const refused = await postJson(automation.webhookUrl, {});
    assert.equal(refused.status, 429);
    assert.ok(refused.headers.get('retry-after'));
    assert.equal(
      (await postJson(other.webhookUrl, {})).status,
      200,
      'another organization has places of its own',
    );
    assert.deepEqual(
      (await Promise.all(first)).map(({ status }) => status),
      [200, 200],
    );
    assert.equal((await automation.listDeliveries()).length, 2);
    assert.equal((await postJson(automation.webhookUrl, {})).status, 200, 'places are given back');
  });
});
