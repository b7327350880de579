import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { z } from 'zod';
import { microsPerMinor } from '#core/ai/cost.js';
import { closeDays } from '#runtime/ai/close-days.js';
import { closeUsage } from '#runtime/ai/close-usage.js';
import { logCall } from '#runtime/ai/log-call.js';
import { reserve } from '#runtime/ai/reserve.js';
import { deleteOldRecords } from '#runtime/retention/delete-old-records.js';
import { usageScheduleId } from '#workers/retention-schedule.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { buildModelCall } from '../builders/build-model-call.js';
import { buildModelOrganization, listModelCalls, type ModelOrganization } from '../builders/build-models.js';
import { openEngineClient } from '../builders/schedule-of.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, testSystem, workingSystem } from '../system.js';

const Sums = z.object({ calls: z.int(), failures: z.int(), inputTokens: z.int(), costMinor: z.number() });
const Report = z.object({
  items: z.array(Sums.extend({ group: z.record(z.string(), z.string()), filter: z.looseObject({}) })),
  nextCursor: z.string().nullable(),
  total: Sums,
  closedBefore: z.string().nullable(),
});

const dayMs = 86_400_000;
/** Noon of a day so many days ago, in UTC. */
const noonBefore = (days: number) =>
  `${new Date(Date.now() - days * dayMs).toISOString().slice(0, 10)}T12:00:00.000Z`;
const dayBefore = (days: number) => noonBefore(days).slice(0, 10);

describe('usage of language models', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  let organization: ModelOrganization;
  before(async () => {
    system = await testSystem();
    owner = openOwner(system.stack);
  });
  beforeEach(async () => {
    organization = await buildModelOrganization(system.app);
  });

  const within = <Result>(work: (transaction: Parameters<typeof closeDays>[0]) => Promise<Result>) =>
    system.app.services.database.withOrg(organization.orgId, work);
  const close = () => within((transaction) => closeDays(transaction, organization.orgId));
  const call = (given: Parameters<typeof buildModelCall>[2] = {}) =>
    buildModelCall(system.app, organization, given);
  const report = async (given: object = {}) => {
    const span = { from: dayBefore(40), to: dayBefore(0) };
    return Report.parse(
      await system.app.perform(organization.caller, 'ai_usage.report', { ...span, ...given }),
    );
  };

  /** Writes a call of yesterday down now. */
  const logLate = (transaction: Parameters<typeof closeDays>[0], costMinor: number) =>
    logCall(system.app.services, transaction, {
      id: randomUUID(),
      use: organization.use,
      model: {
        provider: 'openai',
        model: 'late',
        price: { input: 1, cachedInput: 1, output: 1 },
        connectionId: null,
      },
      operation: 'complete',
      parameters: {},
      prompt: [],
      reply: undefined,
      usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
      isEstimated: true,
      cost: costMinor * microsPerMinor,
      startedAt: new Date(noonBefore(1)),
      latencyMs: 1,
      firstTokenMs: null,
      outcome: 'cancelled',
    });

  /** Calls of three days, of two people and two models. */
  async function threeDays(): Promise<{ person: string }> {
    const { orgId } = organization;
    const { userId: person } = await buildMember(system.app, { orgId }, 'member');
    for (const days of [2, 1, 0]) {
      await call({ createdAt: noonBefore(days) });
      await call({ createdAt: noonBefore(days), outcome: 'provider_unavailable', cost: 0 });
      await buildModelCall(
        system.app,
        { orgId, userId: person },
        { createdAt: noonBefore(days), provider: 'anthropic', model: 'claude', outcome: 'cancelled' },
      );
    }
    return { person };
  }

  it('is the same before and after days are closed, and never counted twice', async () => {
    await threeDays();
    const open = await report({ groupBy: ['day', 'model'] });
    assert.equal(open.closedBefore, null);
    assert.deepEqual(open.total, { calls: 9, failures: 3, inputTokens: 720, costMinor: 6 });
    assert.equal(open.items.length, 6);
    await Promise.all([close(), close()]);
    await close();
    const closed = await report({ groupBy: ['day', 'model'] });
    assert.equal(closed.closedBefore, dayBefore(0));
    assert.deepEqual(closed.items, open.items);
    assert.deepEqual(closed.total, open.total);
    const [{ sum } = { sum: 0 }] = await owner`
      SELECT sum(calls)::integer AS sum FROM ai_daily_usage WHERE org_id = ${organization.orgId}`;
    assert.equal(sum, 6);
  });

  it('leads from each of its figures to the calls behind it', async () => {
    const { person } = await threeDays();
    await close();
    for (const groupBy of [
      ['day'],
      ['month', 'user'],
      ['department', 'agent'],
      ['provider', 'purpose'],
      ['model', 'principal'],
    ]) {
      const { items, total } = await report({ groupBy });
      assert.equal(total.calls, 9);
      for (const { filter, calls, costMinor } of items) {
        const found = await listModelCalls(system.app, organization.caller, filter);
        assert.equal(found.length, calls, `${groupBy}: ${JSON.stringify(filter)}`);
        assert.equal(
          found.reduce((sum, one) => sum + one.costMinor, 0),
          costMinor,
        );
      }
    }
    const own = await report({ groupBy: ['user'], userId: person });
    assert.deepEqual(
      own.items.map(({ group, calls }) => [group.userId, calls]),
      [[person, 3]],
    );
    assert.equal((await report({ outcome: 'cancelled' })).total.calls, 3);
  });

  it('is read page by page, each with the sums of all', async () => {
    await threeDays();
    await close();
    const first = await report({ groupBy: 'day', limit: 2 });
    const second = await report({ groupBy: 'day', limit: 2, cursor: first.nextCursor });
    const days = [...first.items, ...second.items].map(({ group }) => group.day);
    assert.deepEqual(days, [dayBefore(2), dayBefore(1), dayBefore(0)]);
    assert.equal(second.nextCursor, null);
    assert.equal(second.total.calls, 9);
    await assertRefused(report({ groupBy: 'user', cursor: first.nextCursor }), 'validation', 'cursor');
    await assertRefused(report({ from: dayBefore(0), to: dayBefore(1) }), 'validation', 'to');
    await assertRefused(report({ from: '2020-01-01' }), 'validation', 'to');
  });

  it('of a day is not closed while a call of it is out', async () => {
    await call({ createdAt: noonBefore(2) });
    const { id } = await reserve(system.app.services.database, {
      use: organization.use,
      amount: 0,
      lane: 'lane',
      maxConcurrentCalls: 1,
      timeoutMs: 60_000,
    });
    await owner`UPDATE ai_reservations SET created_at = ${noonBefore(1)} WHERE id = ${id}`;
    await close();
    assert.equal((await report()).closedBefore, dayBefore(1));
    await owner`UPDATE ai_reservations SET expires_at = now() - interval '1 second' WHERE id = ${id}`;
    await close();
    assert.equal((await report()).closedBefore, dayBefore(0));
  });

  it('of a call that is written down after its day was closed counts to the first open day', async () => {
    await call({ createdAt: noonBefore(1) });
    await close();
    await within((transaction) => logLate(transaction, 2));
    const { items, total } = await report({ groupBy: ['day'] });
    assert.equal(total.costMinor, 3);
    assert.deepEqual(
      items.map(({ group, costMinor }) => [group.day, costMinor]),
      [
        [dayBefore(1), 1],
        [dayBefore(0), 2],
      ],
    );
  });

  it('waits for calls that are being written down while a day is closed', async () => {
    await call({ createdAt: noonBefore(1) });
    let closing: Promise<boolean> | undefined;
    await within(async (transaction) => {
      await logLate(transaction, 0);
      closing = close();
      await eventually('the other one waits', async () => {
        const [row] = await owner`SELECT count(*)::integer AS count FROM pg_locks
          WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND NOT granted`;
        return row?.count > 0 ? true : undefined;
      });
    });
    await closing;
    const { total, closedBefore } = await report();
    assert.equal(closedBefore, dayBefore(0));
    assert.equal(total.calls, 2);
  });

  it('is summed up for every organization, however long nobody has done it', async () => {
    const other = await buildModelOrganization(system.app);
    for (const of of [organization, other])
      for (const days of [100, 50, 3]) await buildModelCall(system.app, of, { createdAt: noonBefore(days) });
    for (let last: string | null = null, isFirst = true; isFirst || last !== null; isFirst = false)
      last = await closeUsage(system.app.services, last, () => {});
    for (const { orgId } of [organization, other]) {
      const [row] =
        await owner`SELECT before::text, (SELECT sum(calls)::integer FROM ai_daily_usage WHERE org_id = ${orgId}) AS calls
        FROM ai_closed_usage WHERE org_id = ${orgId}`;
      assert.deepEqual({ ...row }, { before: dayBefore(0), calls: 3 });
    }
  });

  it('is summed up by a schedule of the engine', async () => {
    const { configuration } = await workingSystem();
    await call({ createdAt: noonBefore(1) });
    const engine = await openEngineClient(configuration);
    const schedule = engine.schedule.getHandle(usageScheduleId);
    await eventually('there is a schedule', () => schedule.describe().catch(() => undefined));
    await schedule.trigger();
    await eventually('the day is closed', async () =>
      (await report()).closedBefore === dayBefore(0) ? true : undefined,
    );
  });

  it('stays when its calls go, which they do after their time and not before they are summed up', async () => {
    const days = { mails: 90, securityEvents: 90, aiCalls: 35 };
    for (const age of [1_200, 36, 34]) await call({ createdAt: noonBefore(age) });
    const shorten = () => within((transaction) => deleteOldRecords(transaction, days));
    assert.equal(await shorten(), 0);
    while (await close());
    assert.equal(await shorten(), 3, 'two calls, and the sums of what was more than three years ago');
    assert.equal((await listModelCalls(system.app, organization.caller)).length, 1);
    assert.equal((await report()).total.calls, 2);
    // Never within a month, whoever asks.
    days.aiCalls = 0;
    await call({ createdAt: noonBefore(20) });
    assert.equal(await shorten(), 1);
  });
});
