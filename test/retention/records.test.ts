import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { deleteOldRecords } from '#runtime/retention/delete-old-records.js';
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
    system.app.services.database.withOrg(orgId, (transaction) => deleteOldRecords(transaction));

  it('of mails go 90 days after they were sent or given up, and not before', async () => {
    const { orgId } = await buildOrganization(system.app);
    await owner`
      INSERT INTO outgoing_mails (org_id, id, recipient, subject, dedupe_key, created_at, sent_at, failed_at)
      SELECT ${orgId}, uuidv7(), 'a@example.org', 'Hi', key, now() - interval '100 days',
        now() - make_interval(days => sent), now() - make_interval(days => failed)
      FROM (VALUES ('sent', 91, NULL::integer), ('given up', NULL, 91), ('sent later', 89, NULL), ('waits', NULL, NULL))
        AS mail (key, sent, failed)`;
    assert.equal(await deleteOld(orgId), 2);
    const left =
      await owner`SELECT dedupe_key FROM outgoing_mails WHERE org_id = ${orgId} ORDER BY dedupe_key`;
    assert.deepEqual(
      left.map(({ dedupe_key }) => dedupe_key),
      ['sent later', 'waits'],
    );
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
