import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { z } from 'zod';
import { microsPerMinor } from '#core/ai/cost.js';
import { AppError } from '#core/errors.js';
import { closeDays } from '#runtime/ai/close-days.js';
import { complete } from '#runtime/ai/gateway.js';
import type { ModelUse } from '#runtime/ai/model-use.js';
import { reserve } from '#runtime/ai/reserve.js';
import { settle } from '#runtime/ai/settle.js';
import type { RunningSimulator } from '#stack/simulator/start-simulator.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import {
  buildBudget,
  buildModelOrganization,
  buildScriptedModel,
  chooseModels,
  connectModels,
  listModelCalls,
  listSpendingOf,
  type ModelOrganization,
  testModels,
} from '../builders/build-models.js';
import { openOwner } from '../owner.js';
import { type TestSystem, testSystem, workingSystem } from '../system.js';

const WithId = z.object({ id: z.uuid() });
const messages = [{ role: 'user' as const, text: 'Go' }];
/** With this price, and as many tokens of output, a call is held back and charged as exactly one minor unit. */
const price = { input: 0, cachedInput: 0, output: 10_000 };
const outputTokens = 100;

describe('budgets', () => {
  let system: TestSystem;
  let simulator: RunningSimulator;
  let owner: postgres.Sql;
  let organization: ModelOrganization;
  let model: string;

  before(async () => {
    system = await testSystem();
    simulator = await testModels();
    owner = openOwner(system.stack);
  });
  beforeEach(async () => {
    organization = await buildModelOrganization(system.app);
    ({ model } = await prepare(organization));
  });

  /** Gives an organization a model that costs one minor unit a call. */
  async function prepare({ caller }: ModelOrganization, { maxConcurrentCalls = 200 } = {}) {
    const reply = { text: 'Done.', usage: { inputTokens: 2, outputTokens } };
    const facts = { price, maxOutputTokens: outputTokens };
    const name = await buildScriptedModel(system.app, caller, 'openai', { rules: [{ reply }] }, facts);
    const connectionId = await connectModels(system.app, caller, 'openai', { maxConcurrentCalls });
    await chooseModels(system.app, caller, [{ connectionId, model: name }]);
    return { model: name, connectionId };
  }

  const ask = (use: ModelUse = organization.use) =>
    complete(system.app.services, use, { messages }, { signal: new AbortController().signal });

  /** Asks many times at once, and tells how many were answered; the others may be over a budget only. */
  async function askAll(uses: readonly ModelUse[]): Promise<number> {
    const settled = await Promise.allSettled(uses.map((use) => ask(use)));
    for (const one of settled) {
      if (one.status === 'fulfilled') continue;
      assert.ok(one.reason instanceof AppError, String(one.reason));
      assert.equal(one.reason.code, 'budget_exceeded', one.reason.message);
    }
    return settled.filter(({ status }) => status === 'fulfilled').length;
  }

  const budget = (given: object) => buildBudget(system.app, organization.caller, given);
  const spendingOf = (filter: object = {}) => listSpendingOf(system.app, organization.caller, filter);
  const repeated = (count: number) => Array.from({ length: count }, () => organization.use);
  const reserving = (use: ModelUse = organization.use) => ({
    use,
    amount: 4 * microsPerMinor,
    lane: 'lane',
    maxConcurrentCalls: 5,
    timeoutMs: 1_000,
  });
  const expire = (id: string) =>
    owner`UPDATE ai_reservations SET expires_at = now() - interval '1 second' WHERE id = ${id}`;

  it('let 10 of 100 calls at once through where there is room for 10', async () => {
    const budgetId = await budget({ limitMinor: 10 });
    assert.equal(await askAll(repeated(100)), 10);
    const sent = simulator.requests.filter((request) => request.model === model);
    assert.equal(sent.length, 10, 'nothing else has reached the provider');
    const [spending] = await spendingOf({ budgetId });
    assert.deepEqual([spending?.spentMinor, spending?.reservedMinor], [10, 0]);
    assert.equal((await listModelCalls(system.app, organization.caller)).length, 10);
    const error = await assertRefused(ask(), 'budget_exceeded');
    assert.match(error.message, /“Whole” is 0\.10; 0\.10 are spent, and this call can cost 0\.01/);
  });

  it('of several scopes hold at once, without a deadlock', async () => {
    const { app } = system;
    const { caller, orgId } = organization;
    const person = await buildMember(app, { orgId }, 'member');
    const parent = WithId.parse(await app.perform(caller, 'departments.create', { name: 'Sales' })).id;
    const child = { name: 'Abroad', parentId: parent };
    const department = WithId.parse(await app.perform(caller, 'departments.create', child)).id;
    const joining = { id: department, userId: person.userId, isPrimary: true };
    await app.perform(caller, 'departments.add_member', joining);
    await budget({ limitMinor: 60 });
    await budget({ scope: 'department', subjectId: parent, limitMinor: 30 });
    await budget({ scope: 'user', period: 'month', limitMinor: 40 });
    await budget({ scope: 'run', limitMinor: 15 });
    const runs = Array.from({ length: 5 }, () => randomUUID());
    const uses = Array.from({ length: 100 }, (_, index): ModelUse => {
      const userId = index % 2 === 0 ? person.userId : organization.userId;
      const run = { id: runs[Math.floor(index / 2) % 5] ?? '', step: 'ask' };
      return { actor: { orgId, kind: 'user', id: userId, userId }, purpose: 'chat', run };
    });
    assert.equal(await askAll(uses), 60);
    const spending = await spendingOf();
    for (const { spentMinor, limitMinor, reservedMinor } of spending) {
      assert.ok(spentMinor <= limitMinor);
      assert.equal(reservedMinor, 0);
    }
    const sumOf = (id: string) => spending.find(({ subjectId }) => subjectId === id)?.spentMinor ?? 0;
    assert.equal(sumOf(orgId), 60);
    assert.equal(sumOf(person.userId), sumOf(parent), 'who is in a department below counts for it');
    assert.equal(sumOf(person.userId) + sumOf(organization.userId), 60);
    assert.equal(
      runs.reduce((sum, id) => sum + sumOf(id), 0),
      60,
    );
  });

  it('give back what was held for a call whose process died', async () => {
    const budgetId = await budget({ limitMinor: 4 });
    const { id } = await reserve(system.app.services.database, reserving());
    await assertRefused(ask(), 'budget_exceeded');
    await expire(id);
    await ask();
    const [spending] = await spendingOf({ budgetId });
    assert.deepEqual([spending?.spentMinor, spending?.reservedMinor], [1, 0]);
  });

  it('count a call that ends after what was held for it came free', async () => {
    const budgetId = await budget({ limitMinor: 4 });
    const { database } = system.app.services;
    const reservation = await reserve(database, reserving());
    await expire(reservation.id);
    const { orgId } = organization;
    await database.withOrg(orgId, (transaction) => closeDays(transaction, orgId));
    const [free] = await spendingOf({ budgetId });
    assert.deepEqual([free?.spentMinor, free?.reservedMinor], [0, 0]);
    await database.withOrg(orgId, (transaction) =>
      settle(transaction, orgId, reservation, 3 * microsPerMinor),
    );
    const [spending] = await spendingOf({ budgetId });
    assert.deepEqual([spending?.spentMinor, spending?.reservedMinor], [3, 0]);
  });

  it('give back the same once, however many find it at once', async () => {
    const budgetId = await budget({ limitMinor: 100 });
    const { database } = system.app.services;
    const held = await Promise.all(Array.from({ length: 5 }, () => reserve(database, reserving())));
    for (const { id } of held.slice(1)) await expire(id);
    const { orgId } = organization;
    const close = () => database.withOrg(orgId, (transaction) => closeDays(transaction, orgId));
    await Promise.all([close(), close(), close()]);
    const [spending] = await spendingOf({ budgetId });
    assert.deepEqual([spending?.spentMinor, spending?.reservedMinor], [0, 4]);
  });

  it('of a day and of a month begin anew; of all time do not', async () => {
    const ids = [
      await budget({ period: 'day', limitMinor: 1 }),
      await budget({ period: 'month', limitMinor: 1 }),
    ];
    await ask();
    for (const id of ids) {
      await assertRefused(ask(), 'budget_exceeded');
      // The same sums, a period ago.
      await owner`UPDATE ai_spending SET period_start = period_start - interval '1 month' WHERE budget_id = ${id}`;
    }
    const total = await budget({ limitMinor: 1 });
    await ask();
    await assertRefused(ask(), 'budget_exceeded');
    const spending = await spendingOf({ current: false });
    assert.deepEqual(spending.map(({ budgetId }) => budgetId).sort(), ids.sort());
    assert.equal((await spendingOf({ budgetId: total, current: true })).length, 1);
  });

  it('bound nobody any more once they are deleted, and again once they are back', async () => {
    const id = await budget({ limitMinor: 0 });
    await assertRefused(ask(), 'budget_exceeded');
    await system.app.perform(organization.caller, 'budgets.delete', { id });
    await ask();
    await system.app.perform(organization.caller, 'budgets.restore', { id });
    await assertRefused(ask(), 'budget_exceeded');
  });

  it('are for those who are there, and change in name and amount only', async () => {
    const create = (given: object) =>
      system.app.perform(organization.caller, 'budgets.create', {
        name: 'Some',
        period: 'month',
        limitMinor: 5,
        ...given,
      });
    for (const scope of ['department', 'user', 'organization']) {
      await assertRefused(create({ scope, subjectId: randomUUID() }), 'validation', 'subjectId');
    }
    await create({ scope: 'agent', subjectId: randomUUID() });
    const id = await budget({});
    const change = { id, name: 'More', limitMinor: 7 };
    const changed = await system.app.perform(organization.caller, 'budgets.update', change);
    assert.ok(typeof changed === 'object' && changed !== null && 'limitMinor' in changed);
    assert.equal(changed.limitMinor, 7);
    await assertRefused(
      system.app.perform(organization.caller, 'budgets.update', { id, period: 'day' }),
      'validation',
    );
  });

  it('of one organization are no matter of another', async () => {
    const other = await buildModelOrganization(system.app);
    await prepare(other);
    await buildBudget(system.app, other.caller, { limitMinor: 0 });
    const budgetId = await budget({ limitMinor: 3 });
    assert.equal(await askAll(repeated(3)), 3);
    await assertRefused(ask(other.use), 'budget_exceeded');
    assert.equal((await spendingOf({ budgetId }))[0]?.spentMinor, 3);
    assert.deepEqual(await listModelCalls(system.app, other.caller), []);
  });

  it('tell the owners once by mail that they run out, however many calls end at once', async () => {
    const working = await workingSystem();
    await budget({ name: 'Running out', limitMinor: 10 });
    assert.equal(await askAll(repeated(7)), 7);
    const mails = async () => {
      const all = await working.mailbox.mailsTo(organization.email);
      return all.filter(({ subject }) => subject?.includes('Running out'));
    };
    assert.deepEqual(await mails(), []);
    assert.equal(await askAll(repeated(3)), 3);
    const mail = await working.mailbox.receivedAbout(organization.email, /“Running out” runs out/);
    assert.match(mail.subject ?? '', /0\.(08|09|10) of 0\.10 are spent/);
    const queued = await owner`SELECT FROM outgoing_mails
      WHERE org_id = ${organization.orgId} AND dedupe_key LIKE 'budget:%'`;
    assert.equal(queued.length, 1);
    assert.equal((await mails()).length, 1);
  });
});

describe('calls that are out to a provider', () => {
  let system: TestSystem;
  let organization: ModelOrganization;
  before(async () => {
    system = await testSystem();
    organization = await buildModelOrganization(system.app);
  });

  it('are as many as the connection allows; more wait, and are not asked of another model', async () => {
    const { app } = system;
    const { caller, use } = organization;
    const simulator = await testModels();
    const hanging = { rules: [{ reply: { failure: { kind: 'hang' as const } } }] };
    const model = await buildScriptedModel(app, caller, 'openai', hanging);
    const connectionId = await connectModels(app, caller, 'openai', { maxConcurrentCalls: 2 });
    const answering = { rules: [{ reply: { text: 'Other' } }] };
    const other = await buildScriptedModel(app, caller, 'anthropic', answering);
    const otherConnection = await connectModels(app, caller, 'anthropic');
    await chooseModels(app, caller, [
      { connectionId, model },
      { connectionId: otherConnection, model: other },
    ]);
    const controllers = [new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) => complete(app.services, use, { messages }, { signal }));
    const out = (requests: RunningSimulator['requests']) =>
      requests.filter((request) => request.model === model && request.state === 'in_flight').length;
    await simulator.until((requests) => out(requests) === 2);
    const { signal } = new AbortController();
    const error = await assertRefused(
      complete(app.services, use, { messages }, { signal }),
      'limit_exceeded',
    );
    assert.equal(error.retryAfterMs, 250);
    for (const controller of controllers) controller.abort(new Error('enough'));
    for (const one of asked) await assert.rejects(one, /enough/);
    const again = new AbortController();
    const third = complete(app.services, use, { messages }, { signal: again.signal });
    await simulator.until((requests) => out(requests) === 1);
    again.abort(new Error('enough'));
    await assert.rejects(third, /enough/);
  });
});
