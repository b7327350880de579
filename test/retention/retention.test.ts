import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import type postgres from 'postgres';
import { z } from 'zod';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { expireRunData } from '#runtime/retention/expire-run-data.js';
import { retentionScheduleId } from '#workers/retention-schedule.js';
import { createTask, manual, set, type TestNode } from '../automation/nodes.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { finishedRun, finishedRuns, runThat, startRun } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { finishedExport } from '../privacy/finished-export.js';
import { type TestSystem, workingSystem } from '../system.js';

const Period = z.object({ days: z.number(), isDefault: z.boolean() });
const Periods = z.object({ periods: z.array(Period.extend({ kind: z.string() })) });

describe('what runs leave', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
  });

  async function expireAll(): Promise<void> {
    let after: string | null = null;
    do after = await expireRunData(system.app.services, after, () => {});
    while (after !== null);
  }

  async function runOf({ caller }: BuiltOrganization, nodes: readonly TestNode[], ...ways: string[]) {
    const { id } = await buildAutomation(system.app, caller, manual(nodes, ...ways));
    return startRun(system.app, caller, id);
  }

  const age = (orgId: string, days: number) =>
    Promise.all([
      owner`UPDATE runs SET finished_at = finished_at - make_interval(days => ${days}) WHERE org_id = ${orgId}`,
      owner`UPDATE runs SET created_at = created_at - make_interval(days => ${days}),
        started_at = started_at - make_interval(days => ${days}) WHERE org_id = ${orgId}`,
      owner`UPDATE deliveries SET received_at = received_at - make_interval(days => ${days}) WHERE org_id = ${orgId}`,
      owner`UPDATE idempotency_keys SET created_at = created_at - make_interval(days => ${days}) WHERE org_id = ${orgId}`,
    ]);

  async function countsOf(orgId: string): Promise<Record<string, number>> {
    const tables = ['runs', 'run_steps', 'waits', 'deliveries', 'idempotency_keys', 'audit_log'];
    const counts = await Promise.all(
      tables.map(
        (table) => owner`SELECT count(*)::integer AS count FROM ${owner(table)} WHERE org_id = ${orgId}`,
      ),
    );
    return Object.fromEntries(tables.map((table, index) => [table, counts[index]?.[0]?.count]));
  }

  it('is deleted after the days of the deployment, with all that hangs on it; the audit log stays', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId, caller } = organization;
    const projectId = (await buildProject(system.app, caller)).id;
    const definition = chain({ type: 'webhook' }, [createTask('task', projectId, 'Made')]);
    const { id, webhookUrl } = await buildAutomation(system.app, caller, definition);
    await deliverTogether(system.app, { orgId, webhookUrl }, [{ n: 1 }, { n: 2 }]);
    await finishedRuns(system.app, caller, id, 2);
    const parked = await runOf(
      organization,
      [
        {
          id: 'ask',
          type: 'approval',
          input: { title: 'OK?' },
          approvers: { roles: ['owner'] },
          timeout: '1s',
        },
      ],
      'trigger > ask',
    );
    await finishedRun(system.app, caller, parked);
    const before = await countsOf(orgId);
    assert.deepEqual([before.runs, before.waits, before.deliveries], [3, 1, 2]);
    await age(orgId, 29);
    await expireAll();
    assert.deepEqual(await countsOf(orgId), before);
    await age(orgId, 2);
    await expireAll();
    const gone = { runs: 0, run_steps: 0, waits: 0, deliveries: 0, idempotency_keys: 0 };
    assert.deepEqual(await countsOf(orgId), { ...gone, audit_log: before.audit_log });
  });

  it('stays as long as the run has not ended, and of a subflow that is done as long as that is there', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId, caller } = organization;
    const greet = await buildAutomation(system.app, caller, manual([set('hi', {})], 'trigger > hi'));
    const call = { id: 'call', type: 'subflow', automation: greet.id, input: {} };
    const rest = { id: 'rest', type: 'wait', input: { duration: '300d' } };
    const waiting = await runOf(organization, [call, rest], 'trigger > call', 'call > rest');
    await runThat(system.app, caller, waiting, 'it waits', ({ steps }) =>
      steps.some(({ nodeId, status }) => nodeId === 'rest' && status === 'waiting'),
    );
    const ended = await runOf(organization, [call], 'trigger > call');
    await finishedRun(system.app, caller, ended);
    await age(orgId, 40);
    await expireAll();
    const left = await owner`SELECT id, parent_run_id FROM runs WHERE org_id = ${orgId} ORDER BY id`;
    assert.deepEqual(
      left.map(({ id, parent_run_id }) => parent_run_id ?? id),
      [waiting, waiting],
    );
    await system.app.perform(caller, 'runs.terminate', { id: waiting });
  });

  it('is kept for as long as the organization says, which owners and admins may change', async () => {
    const [strict, other] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    const { perform } = system.app;
    const change = (days: number | null, caller = strict.caller) =>
      perform(caller, 'retention.update', { kind: 'runs', days });
    const runsOf = (output: unknown) =>
      Period.parse(Periods.parse(output).periods.find(({ kind }) => kind === 'runs'));
    const manager = await buildMember(system.app, strict, 'manager');
    await assertRefused(change(5, manager.caller), 'forbidden');
    for (const days of [0, 3_651, 1.5]) await assertRefused(change(days), 'validation');
    assert.deepEqual(runsOf(await change(5)), { days: 5, isDefault: false });
    const theirs = runsOf(await perform(other.caller, 'retention.get', {}));
    assert.deepEqual(theirs, { days: 30, isDefault: true });
    for (const organization of [strict, other]) {
      const runId = await runOf(organization, [set('a', {})], 'trigger > a');
      await finishedRun(system.app, organization.caller, runId);
      await age(organization.orgId, 6);
    }
    await expireAll();
    assert.equal((await countsOf(strict.orgId)).runs, 0);
    assert.equal((await countsOf(other.orgId)).runs, 1);
    assert.deepEqual(runsOf(await change(null)), { days: 30, isDefault: true });
  });

  it('goes with mails that are sent, and archives, each after days of its own', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId, caller } = organization;
    const { storage } = system.app.services;
    const exportId = await finishedExport(system.app, caller, { subject: 'person' });
    const mail = (key: string, sentAt: string | null) =>
      owner`INSERT INTO outgoing_mails (org_id, id, recipient, subject, dedupe_key, sent_at, created_at)
        VALUES (${orgId}, gen_random_uuid(), 'a@example.com', 'S', ${key}, ${sentAt}, now() - interval '40 days')`;
    await mail('sent', '2026-08-01');
    await mail('waits', null);
    const left = async () => {
      const mails = await owner`SELECT dedupe_key AS key FROM outgoing_mails
        WHERE org_id = ${orgId} AND recipient = 'a@example.com' ORDER BY 1`;
      const keys: string[] = [];
      for await (const key of storage.list(`${orgId}/exports/${exportId}`)) keys.push(key);
      return { mails: mails.map(({ key }) => key), archives: keys.length };
    };
    await expireAll();
    assert.deepEqual(await left(), { mails: ['sent', 'waits'], archives: 1 });
    await assertRefused(
      system.app.perform(caller, 'retention.update', { kind: 'exports', days: 31 }),
      'validation',
      'days',
    );
    await system.app.perform(caller, 'retention.update', { kind: 'mails', days: 30 });
    await owner`UPDATE data_exports SET expires_at = now() WHERE id = ${exportId}`;
    await expireAll();
    assert.deepEqual(await left(), { mails: ['waits'], archives: 0 });
    await assertRefused(system.app.perform(caller, 'exports.download', { id: exportId }), 'conflict');
  });

  it('is deleted by a schedule of the engine', async () => {
    const organization = await buildOrganization(system.app);
    const runId = await runOf(organization, [set('a', {})], 'trigger > a');
    await finishedRun(system.app, organization.caller, runId);
    await age(organization.orgId, 40);
    const engine = await Connection.connect({ address: system.configuration.TEMPORAL_ADDRESS });
    onTestsEnd(() => engine.close());
    const schedule = createTemporalClient(system.configuration, engine).schedule.getHandle(
      retentionScheduleId,
    );
    const { spec } = await eventually('there is a schedule', () =>
      schedule.describe().catch(() => undefined),
    );
    assert.deepEqual(
      spec.intervals?.map(({ every }) => every),
      [3_600_000],
    );
    await schedule.trigger();
    await eventually('the run is gone', async () =>
      (await countsOf(organization.orgId)).runs === 0 ? true : undefined,
    );
  });
});
