import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type postgres from 'postgres';
import { z } from 'zod';
import type { QuotaName } from '#core/quotas.js';
import type { Caller } from '#runtime/caller.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { createCallCount } from '#runtime/quotas/call-count.js';
import { tellOfQuotas } from '#runtime/quotas/tell-owners.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { buildOrganization } from '../builders/build-organization.js';
import { memberOf } from '../builders/build-role.js';
import { deliverTogether } from '../builders/deliver.js';
import { explain, listRuns } from '../builders/limits.js';
import { finishedRun, finishedRuns, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { servedSystem } from '../ingress/served-system.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';
import { buildTaskAutomation } from './limited-automation.js';

const Quotas = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      limit: z.number().nullable(),
      used: z.number(),
      resetsAt: z.string().nullable(),
    }),
  ),
});
const Problem = z.object({ code: z.string(), quota: z.looseObject({ name: z.string() }) });

describe('a quota', function () {
  this.timeout(90_000);
  let system: TestSystem;
  let owner: postgres.Sql;
  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
  });

  const agree = (orgId: string, name: QuotaName, max: number | null) =>
    owner`INSERT INTO quota_limits (org_id, name, max) VALUES (${orgId}, ${name}, ${max})
      ON CONFLICT (org_id, name) DO UPDATE SET max = ${max}`;

  async function quotaOf(caller: Caller, name: QuotaName) {
    const { items } = Quotas.parse(await system.app.perform(caller, 'quotas.list', {}));
    return items.find((item) => item.name === name) ?? assert.fail(name);
  }

  describe('of runs', () => {
    it('refuses what people start beyond it, and says how it stands', async () => {
      const { app } = system;
      const { orgId, caller, id } = await buildTaskAutomation(app, {});
      await agree(orgId, 'runs', 2);
      const runs = [await startRun(app, caller, id, body), await startRun(app, caller, id, body)];
      for (const run of runs) await finishedRun(app, caller, run);
      const error = await assertRefused(startRun(app, caller, id, body), 'limit_exceeded');
      const { limit, used, resetsAt } = await quotaOf(caller, 'runs');
      assert.deepEqual(error.quota, { name: 'runs', limit, used, resetsAt });
      assert.deepEqual([limit, used], [2, 2]);
      assert.match(resetsAt ?? '', /^\d{4}-\d\d-01T00:00:00.000Z$/);
      assert.match(error.message, new RegExp(`of 2 runs a month, 2 are used. Wait until ${resetsAt}`));
      const again = app.perform(caller, 'runs.rerun', { id: runs[0] });
      await assertRefused(again, 'limit_exceeded');
    });

    it('has what apps start wait, says so, and goes on when there is a larger one', async () => {
      const { app } = system;
      const automation = await buildTaskAutomation(app, {});
      const { orgId, caller, id } = automation;
      await agree(orgId, 'runs', 0);
      await deliverTogether(app, automation, [body.body, body.body, body.body]);
      const [held] = await eventually('all wait', async () => {
        const waiting = await listRuns(app, caller, id, { waitingFor: 'quota' });
        return waiting.length === 3 ? waiting : undefined;
      });
      const told = await explain(app, caller, held?.id ?? '');
      assert.deepEqual([told.code, told.until], ['monthly_quota', (await quotaOf(caller, 'runs')).resetsAt]);
      await owner`DELETE FROM quota_limits WHERE org_id = ${orgId}`;
      await owner`UPDATE organizations SET plan = 'enterprise' WHERE id = ${orgId}`;
      await finishedRuns(app, caller, id, 3);
      const { limit, used } = await quotaOf(caller, 'runs');
      assert.deepEqual([limit, used], [null, 3]);
    });

    it('counts each run once, however many start at the same time and by whichever way', async () => {
      const { app } = system;
      const automation = await buildTaskAutomation(app, {});
      const { orgId, caller, id } = automation;
      await agree(orgId, 'runs', 30);
      const bodies = Array.from({ length: 40 }, () => body.body);
      const waited = () => app.perform(caller, 'automations.run', { id, input: body, wait: true });
      await Promise.all([
        ...Array.from({ length: 5 }, waited),
        ...Array.from({ length: 4 }, (_, index) =>
          deliverTogether(app, automation, bodies.slice(index * 10, index * 10 + 10)),
        ),
      ]);
      await eventually('as many have ended as may', async () => {
        const runs = await listRuns(app, caller, id);
        const ended = runs.filter(({ finishedAt }) => finishedAt !== null);
        return runs.length === 45 && ended.length === 30 ? true : undefined;
      });
      const { used } = await quotaOf(caller, 'runs');
      assert.equal(used, 30);
      await agree(orgId, 'runs', 45);
      await finishedRuns(app, caller, id, 45);
      assert.equal((await quotaOf(caller, 'runs')).used, 45);
    });
  });

  it('of mails leaves out what is beyond it, but not what guards an account', async () => {
    const { services } = system.app;
    const { orgId, caller } = await buildOrganization(system.app);
    await agree(orgId, 'mails', 2);
    const mail = (dedupeKey: string, isForSafety?: true) => ({
      to: 'a@example.com',
      subject: 'Hi',
      body: { text: 'Hi', html: 'Hi' },
      dedupeKey,
      ...(isForSafety && { isForSafety }),
    });
    const write = (...mails: ReturnType<typeof mail>[]) =>
      services.database.withOrg(orgId, (transaction) => writeMails(services, transaction, orgId, mails));
    assert.equal((await write(mail('1'), mail('safe', true))).queued, 2);
    assert.equal((await write(mail('1'))).queued, 0);
    assert.equal((await write(mail('2'))).queued, 1);
    assert.equal((await quotaOf(caller, 'mails')).used, 2);
    assert.equal((await write(mail('3'), mail('safe too', true))).queued, 1);
  });

  it('of API calls counts those of all processes, and refuses what is beyond', async () => {
    const { database, logger } = system.app.services;
    const { orgId, caller } = await buildOrganization(system.app);
    await agree(orgId, 'api_calls', 61);
    const counts = [createCallCount(database, logger), createCallCount(database, logger)];
    for (let call = 0; call < 60; call += 1) assert.equal(counts[call % 2]?.count(orgId), undefined);
    await counts[1]?.flush();
    await counts[0]?.flush();
    assert.equal((await quotaOf(caller, 'api_calls')).used, 60);
    assert.equal(counts[0]?.count(orgId), undefined);
    assert.equal(counts[0]?.count(orgId)?.used, 61);
    await agree(orgId, 'api_calls', 100);
    await counts[0]?.flush();
    assert.equal(counts[0]?.count(orgId), undefined);
    await Promise.all(counts.map((count) => count.close()));
    assert.equal((await quotaOf(caller, 'api_calls')).used, 62);
  });

  it('is told over HTTP with its name and the time to wait', async () => {
    const { app, address } = await servedSystem();
    const { orgId, accessToken } = await buildOrganization(app);
    await agree(orgId, 'api_calls', 0);
    const call = () => fetch(`${address}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    await call();
    await app.services.callCount.flush();
    const response = await call();
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get('retry-after')) > 0);
    const { code, quota } = Problem.parse(await response.json());
    assert.deepEqual([code, quota.name, quota.limit], ['limit_exceeded', 'api_calls', 0]);
  });

  it('of members keeps more from joining, also of two at once', async () => {
    const acme = await buildOrganization(system.app);
    const members = await Promise.all([0, 1].map(() => buildMember(system.app, acme, 'member')));
    const ids = await Promise.all(
      members.map(async ({ userId }) => (await memberOf(system.app, acme.caller, userId)).id),
    );
    for (const id of ids) await system.app.perform(acme.caller, 'members.deactivate', { id });
    await agree(acme.orgId, 'members', 2);
    const back = await Promise.allSettled(
      ids.map((id) => system.app.perform(acme.caller, 'members.reactivate', { id })),
    );
    assert.deepEqual(back.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await quotaOf(acme.caller, 'members')).used, 2);
  });

  it('of storage counts the files that there are, and refuses more', async () => {
    const { orgId, caller } = await buildOrganization(system.app);
    const files = system.app.services.files(orgId);
    await files.put(randomBytes(1_000), 'application/octet-stream');
    const { sha256 } = await files.put(randomBytes(500), 'application/octet-stream');
    assert.equal((await quotaOf(caller, 'storage')).used, 1_500);
    await files.remove(sha256);
    assert.equal((await quotaOf(caller, 'storage')).used, 1_000);
    await agree(orgId, 'storage', 1_000);
    const content = pixel.toString('base64');
    const setLogo = () => system.app.perform(caller, 'organization.set_logo', { content });
    await assertRefused(setLogo(), 'limit_exceeded');
    await agree(orgId, 'storage', 10_000);
    await setLogo();
  });

  it('that is used to four fifths is told to owners, once a month', async () => {
    const { orgId, email } = await buildOrganization(system.app);
    await agree(orgId, 'members', 2);
    await tellOfQuotas(system.app.services, orgId);
    assert.deepEqual(await system.mailbox.mailsTo(email), []);
    await agree(orgId, 'members', 1);
    await tellOfQuotas(system.app.services, orgId);
    await tellOfQuotas(system.app.services, orgId);
    await system.mailbox.receivedAbout(email, /Members: 1 of 1 members are used/);
    const [row] = await owner`SELECT count(*)::integer AS count FROM outgoing_mails
      WHERE org_id = ${orgId} AND dedupe_key LIKE 'quota:%'`;
    assert.equal(row?.count, 1);
  });

  it('can not be lifted by the application', async () => {
    const { orgId } = await buildOrganization(system.app);
    const lift = system.app.services.database.withOrg(orgId, (transaction) =>
      transaction.execute(`INSERT INTO quota_limits (org_id, name, max) VALUES ('${orgId}', 'runs', NULL)`),
    );
    await assert.rejects(lift, (error: Error) => /permission denied/.test(String(error.cause)));
  });
});

const body = { body: { title: 'One more' } };

/** A PNG of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);
