import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { deleteOldRecords } from '#runtime/retention/delete-old-records.js';
import { forgetLogIns } from '#runtime/retention/forget-log-ins.js';
import { readPeriods } from '#runtime/retention/read-periods.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildOrganization } from '../builders/build-organization.js';
import { openOwner } from '../owner.js';
import { type TestSystem, testSystem } from '../system.js';

describe('old records', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  before(async () => {
    system = await testSystem();
    owner = openOwner(system.stack);
  });

  const deleteOld = (orgId: string) =>
    system.app.services.database.withOrg(orgId, (transaction) =>
      deleteOldRecords(transaction, { mails: 90, securityEvents: 60, aiCalls: 40 }),
    );

  it('of mails go 90 days after they were sent or given up, and not before', async () => {
    const { orgId } = await buildOrganization(system.app);
    await owner`
      INSERT INTO outgoing_mails (org_id, id, recipient, subject, dedupe_key, created_at, sent_at, failed_at)
      SELECT ${orgId}, uuidv7(), 'a@example.org', 'Hi', key, now() - interval '100 days',
        now() - make_interval(days => sent), now() - make_interval(days => failed)
      FROM (VALUES ('sent', 91, NULL::integer), ('given up', NULL, 91), ('sent later', 89, NULL), ('waits', NULL, NULL))
        AS mail (key, sent, failed)`;
    assert.equal(await deleteOld(orgId), 2);
    const left = await owner`SELECT dedupe_key FROM outgoing_mails
      WHERE org_id = ${orgId} AND recipient = 'a@example.org' ORDER BY dedupe_key`;
    assert.deepEqual(
      left.map(({ dedupe_key }) => dedupe_key),
      ['sent later', 'waits'],
    );
  });

  it('of security events go after the days of the organization, counted from when they happened last', async () => {
    const { orgId } = await buildOrganization(system.app);
    await owner`DELETE FROM security_events WHERE org_id = ${orgId}`;
    await owner`
      INSERT INTO security_events (org_id, kind, created_at, last_at)
      SELECT ${orgId}, kind, now() - make_interval(days => began), now() - make_interval(days => last)
      FROM (VALUES ('old', 61, 61), ('goes on', 61, 59), ('late', 59, 59)) AS event (kind, began, last)`;
    assert.equal(await deleteOld(orgId), 1);
    const left = await owner`SELECT kind FROM security_events WHERE org_id = ${orgId} ORDER BY kind`;
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['goes on', 'late'],
    );
    const { database } = system.app.services;
    const remove = database.withOrg(orgId, (transaction) =>
      transaction.execute(
        `DELETE FROM security_events WHERE created_at > now() - interval '30 days' RETURNING 1`,
      ),
    );
    assert.equal((await remove).length, 0, 'what happened of late stays');
  });

  it('of sign-ins go after a year, also of people who come no more', async () => {
    const { userId } = await buildOrganization(system.app);
    await owner`INSERT INTO log_ins (user_id, outcome, methods, created_at)
      SELECT ${userId}, 'password', '{}', now() - make_interval(days => days) FROM unnest(ARRAY[364, 366, 800]) AS days`;
    await forgetLogIns(system.app.services.database, () => {});
    const left = await owner`SELECT FROM log_ins WHERE user_id = ${userId} AND outcome = 'password'`;
    assert.equal(left.length, 1);
  });

  it('are never kept longer than the plan allows, which the error says', async () => {
    const { orgId, caller } = await buildOrganization(system.app);
    const change = (days: number) =>
      system.app.perform(caller, 'retention.update', { kind: 'security_events', days });
    const error = await assertRefused(change(1_000), 'validation', 'days');
    assert.match(error.message, /must be from 30 to 400 in the plan free/);
    await owner`UPDATE organizations SET plan = 'enterprise' WHERE id = ${orgId}`;
    await change(1_000);
    const days = () =>
      system.app.services.database.withOrg(orgId, async (transaction) => {
        const { periods } = await readPeriods(transaction, { RUN_RETENTION_DAYS: 2_000 });
        return [periods.security_events.days, periods.runs.days];
      });
    assert.deepEqual(await days(), [1_000, 2_000]);
    await owner`UPDATE organizations SET plan = 'free' WHERE id = ${orgId}`;
    assert.deepEqual(await days(), [400, 400]);
  });

  it('of requests with a key go after 30 days; those of steps stay with their run', async () => {
    const [own, other] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    for (const { orgId } of [own, other]) {
      await owner`
        INSERT INTO idempotency_keys (org_id, principal, key, action, input_hash, created_at)
        SELECT ${orgId}, principal, 'k', 'tasks.create', '', now() - make_interval(days => days)
        FROM (VALUES ('user:1', 31), ('api_key:1', 31), ('user:2', 29), ('automation:1', 31)) AS request (principal, days)`;
    }
    assert.equal(await deleteOld(own.orgId), 2);
    const left = await owner`
      SELECT principal FROM idempotency_keys WHERE org_id = ${own.orgId} ORDER BY principal`;
    assert.deepEqual(
      left.map(({ principal }) => principal),
      ['automation:1', 'user:2'],
    );
    const [theirs] =
      await owner`SELECT count(*)::integer AS count FROM idempotency_keys WHERE org_id = ${other.orgId}`;
    assert.equal(theirs?.count, 4);
  });
});
