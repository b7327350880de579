import assert from 'node:assert/strict';
import type { Client } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { ScheduledTime } from '#core/automation/triggers/schedule.js';
import { schedules } from '#db/schema/index.js';
import { type Firing, type FiringOutcome, fireSchedule } from '#runtime/triggers/fire-schedule.js';
import { buildAutomation, chain, listRunIds } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { fireNow, openEngineClient, scheduledVersion, unscheduled } from '../builders/schedule-of.js';
import { finishedRun, runThat, startedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';

const hourMs = 3_600_000;
const note = { id: 'note', type: 'set', input: { values: { at: '{{ trigger.local.time }}' } } };
const rest = { id: 'rest', type: 'wait', input: { duration: '1h' } };
const Deliveries = z.object({ items: z.array(z.object({ externalId: z.string(), runCount: z.int() })) });

describe('an automation with a schedule', function () {
  this.timeout(120_000);
  let app: TestSystem['app'];
  let client: Client;
  let acme: BuiltOrganization;
  before(async () => {
    const system = await workingSystem();
    app = system.app;
    client = await openEngineClient(system.configuration);
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  const publish = async (input: object, node: { id: string; type: string; input: object } = note) =>
    (await buildAutomation(app, acme.caller, chain({ type: 'schedule', input }, [node]))).id;
  const republish = async (id: string, trigger: object) => {
    await app.perform(acme.caller, 'automations.update', { id, draft: chain(trigger, []) });
    await app.perform(acme.caller, 'automations.publish', { id });
  };
  const fire = (automationId: string, more: Partial<Firing> = {}): Promise<FiringOutcome> =>
    fireSchedule(app.services, {
      orgId: acme.orgId,
      automationId,
      version: 1,
      scheduledAtMs: Date.now(),
      isBuffered: false,
      nowMs: Date.now(),
      ...more,
    });
  const deliveries = async () =>
    Deliveries.parse(await app.perform(acme.caller, 'deliveries.list', { provider: 'schedule' })).items;
  const waitingRun = (id: string) =>
    runThat(app, acme.caller, id, 'the run waits', ({ status }) => status === 'waiting');

  it('is scheduled when it is published, and a firing starts a run with the moment in it', async () => {
    const id = await publish({ cron: '0 9 * * MON-FRI', timeZone: 'Asia/Kolkata' });
    const { info, policies } = await scheduledVersion(client, acme.orgId, id);
    const preview = z
      .object({ times: z.array(ScheduledTime) })
      .parse(await app.perform(acme.caller, 'automations.next_times', { id }));
    assert.deepEqual(
      info.nextActionTimes.slice(0, 5).map((time) => time.toISOString()),
      preview.times.map(({ scheduledAt }) => scheduledAt),
    );
    assert.deepEqual([...new Set(preview.times.map(({ local }) => local.time))], ['09:00']);
    assert.equal(policies.overlap, 'SKIP');

    const beforeMs = Date.now() - 1_000;
    await fireNow(client, acme.orgId, id);
    const [runId = ''] = await startedRuns(app, acme.caller, id);
    const run = await finishedRun(app, acme.caller, runId);
    assert.equal(run.status, 'succeeded');
    const trigger = ScheduledTime.parse(run.trigger);
    assert.equal(trigger.timeZone, 'Asia/Kolkata');
    const firedMs = Date.parse(trigger.scheduledAt);
    assert.ok(firedMs >= beforeMs && firedMs <= Date.now(), trigger.scheduledAt);
    const inKolkata = new Date(firedMs + 5.5 * hourMs).toISOString();
    assert.deepEqual(
      [trigger.local.date, trigger.local.time],
      [inKolkata.slice(0, 10), inKolkata.slice(11, 16)],
    );
    assert.deepEqual(run.steps[0]?.output, { inline: { at: trigger.local.time } });
  });

  it('makes one delivery of one moment, however often it is told', async () => {
    const id = await publish({ every: '1h', overlap: 'allow' });
    const firing = { scheduledAtMs: Date.now() };
    const outcomes = await Promise.all([fire(id, firing), fire(id, firing)]);
    assert.deepEqual(outcomes.sort(), ['delivered', 'repeated']);
    await finishedRun(app, acme.caller, (await startedRuns(app, acme.caller, id))[0] ?? '');
    assert.equal(await fire(id, firing), 'repeated');
    assert.equal((await deliveries()).length, 1);
  });

  it('is no longer scheduled once it is paused or deleted, and again when it is resumed', async () => {
    const id = await publish({ every: '1h' });
    await scheduledVersion(client, acme.orgId, id);
    await app.perform(acme.caller, 'automations.pause', { id });
    await unscheduled(client, acme.orgId, id);
    assert.equal(await fire(id), 'stale');
    assert.deepEqual(await app.perform(acme.caller, 'automations.next_times', { id }), { times: [] });
    await app.perform(acme.caller, 'automations.resume', { id });
    await scheduledVersion(client, acme.orgId, id);
    await app.perform(acme.caller, 'automations.delete', { id });
    await unscheduled(client, acme.orgId, id);
    assert.equal(await fire(id), 'stale');
    assert.deepEqual(await deliveries(), []);
  });

  it('fires with its new version only', async () => {
    const id = await publish({ every: '1h' });
    await scheduledVersion(client, acme.orgId, id);
    await republish(id, { type: 'schedule', input: { every: '2h' } });
    const { spec } = await scheduledVersion(client, acme.orgId, id, 2);
    assert.deepEqual(
      spec.intervals?.map(({ every }) => every),
      [2 * hourMs],
    );
    const firing = { scheduledAtMs: Date.now() };
    assert.equal(await fire(id, firing), 'stale');
    assert.equal(await fire(id, { ...firing, version: 2 }), 'delivered');
    await startedRuns(app, acme.caller, id);
    assert.equal((await deliveries()).length, 1);
  });

  it('is no longer scheduled when its new version listens to something else', async () => {
    const id = await publish({ every: '1h' });
    await scheduledVersion(client, acme.orgId, id);
    await republish(id, { type: 'webhook' });
    await unscheduled(client, acme.orgId, id);
  });

  it('has its schedule put right by a firing that should not have been', async () => {
    const id = await publish({ every: '1h' });
    const { action } = await scheduledVersion(client, acme.orgId, id);
    await app.perform(acme.caller, 'automations.pause', { id });
    await unscheduled(client, acme.orgId, id);
    const left = await client.schedule.create({
      scheduleId: `org/${acme.orgId}/schedules/${id}`,
      spec: { intervals: [{ every: '1h' }] },
      action: { ...action, type: 'startWorkflow' },
    });
    await left.trigger();
    await unscheduled(client, acme.orgId, id);
    assert.deepEqual(await listRunIds(app, acme.caller, id), []);
  });

  it('lets a firing go while a run goes on', async () => {
    const id = await publish({ every: '1h' }, rest);
    assert.equal(await fire(id), 'delivered');
    assert.equal(await fire(id, { scheduledAtMs: Date.now() + 1_000 }), 'skipped');
    const [runId = ''] = await startedRuns(app, acme.caller, id);
    await waitingRun(runId);
    assert.equal(await fire(id, { scheduledAtMs: Date.now() + 2_000 }), 'skipped');
    await app.perform(acme.caller, 'runs.cancel', { id: runId });
    await finishedRun(app, acme.caller, runId);
    assert.equal(await fire(id, { scheduledAtMs: Date.now() + 3_000 }), 'delivered');
    assert.equal((await startedRuns(app, acme.caller, id, 2)).length, 2);
  });

  it('keeps one firing until the run has ended, where it is told to', async () => {
    const id = await publish({ every: '1h', overlap: 'buffer_one' }, rest);
    await scheduledVersion(client, acme.orgId, id);
    assert.equal(await fire(id), 'delivered');
    const [first = ''] = await startedRuns(app, acme.caller, id);
    await waitingRun(first);
    const workflowId = await fireNow(client, acme.orgId, id);
    const buffered = client.workflow.getHandle(workflowId);
    await eventually('the firing waits', async () => {
      const { raw } = await buffered.describe();
      return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1) ? true : undefined;
    });
    assert.equal((await listRunIds(app, acme.caller, id)).length, 1);
    await app.perform(acme.caller, 'runs.cancel', { id: first });
    await buffered.result();
    assert.equal((await startedRuns(app, acme.caller, id, 2)).length, 2);
  });

  it('starts runs side by side, where it is told to', async () => {
    const id = await publish({ every: '1h', overlap: 'allow' }, rest);
    assert.equal(await fire(id), 'delivered');
    assert.equal(await fire(id, { scheduledAtMs: Date.now() + 1_000 }), 'delivered');
    for (const runId of await startedRuns(app, acme.caller, id, 2)) await waitingRun(runId);
  });

  it('makes up for what was missed once, and not for what was missed too long ago', async () => {
    const quarterly = await publish({ every: '15m', catchUp: '1h' });
    const nowMs = Date.parse('2027-01-01T12:07:00Z');
    const missed = { scheduledAtMs: Date.parse('2027-01-01T08:15:00Z'), nowMs };
    assert.equal(await fire(quarterly, missed), 'delivered');
    await finishedRun(app, acme.caller, (await startedRuns(app, acme.caller, quarterly))[0] ?? '');
    const later = { scheduledAtMs: Date.parse('2027-01-01T11:30:00Z'), nowMs };
    assert.equal(await fire(quarterly, later), 'repeated');
    assert.deepEqual(await deliveries(), [{ externalId: '2027-01-01T12:00:00.000Z', runCount: 1 }]);
    const yearly = await publish({ cron: '0 10 1 1 *', catchUp: '2h' });
    const atTen = Date.parse('2027-01-01T10:00:00Z');
    assert.equal(await fire(yearly, { scheduledAtMs: atTen, nowMs }), 'missed');
    assert.equal(await fire(yearly, { scheduledAtMs: atTen, nowMs: atTen + 2 * hourMs }), 'delivered');
  });

  it('tells the engine further moments before it runs out of them', async () => {
    const id = await publish({ cron: '* * * * *', overlap: 'allow' });
    await scheduledVersion(client, acme.orgId, id);
    const soon = new Date(Date.now() + 5 * 60_000).toISOString();
    const plannedUntil = await eventually('the engine has been told', () => readPlannedUntil(id));
    assert.ok(plannedUntil > Date.now() + 60 * 60_000);
    await app.services.database.withOrg(acme.orgId, (db) =>
      db.update(schedules).set({ plannedUntil: soon }).where(eq(schedules.automationId, id)),
    );
    await fireNow(client, acme.orgId, id);
    await eventually('there are further moments', async () =>
      ((await readPlannedUntil(id)) ?? 0) > Date.now() + 60 * 60_000 ? true : undefined,
    );
  });

  async function readPlannedUntil(automationId: string): Promise<number | undefined> {
    const [row] = await app.services.database.withOrg(acme.orgId, (db) =>
      db.select().from(schedules).where(eq(schedules.automationId, automationId)),
    );
    if (!row || row.applied < row.revision || row.plannedUntil === null) return undefined;
    return Date.parse(row.plannedUntil);
  }
});
