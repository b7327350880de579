import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { buildOrganization } from '../builders/build-organization.js';
import { openApplicationRole } from '../owner.js';
import { type TestSystem, testSystem } from '../system.js';

const Consent = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  textVersion: z.string(),
  withdrawnAt: z.string().nullable(),
  recordedBy: z.uuid(),
});
const List = z.object({ items: z.array(Consent) });

describe('a consent', () => {
  let system: TestSystem;
  before(async () => {
    system = await testSystem();
  });

  const newsletter = { purpose: 'newsletter', textVersion: '2026-11', source: 'settings' };
  const record = async (caller: Caller, more: object = {}) =>
    Consent.parse(await system.app.perform(caller, 'consents.record', { ...newsletter, ...more }));
  const list = async (caller: Caller, filter: object = {}) =>
    List.parse(await system.app.perform(caller, 'consents.list', filter)).items;

  it('stays on record when it is withdrawn, and when another text takes its place', async () => {
    const { caller, userId } = await buildOrganization(system.app);
    const first = await record(caller);
    assert.equal((await record(caller)).id, first.id, 'the same again');
    const second = await record(caller, { textVersion: '2026-12' });
    await system.app.perform(caller, 'consents.withdraw', { id: second.id });
    await assertRefused(system.app.perform(caller, 'consents.withdraw', { id: second.id }), 'conflict');
    const shown = await list(caller, { userId, purpose: 'newsletter' });
    assert.deepEqual(
      shown.map(({ id }) => id),
      [second.id, first.id],
    );
    assert.ok(shown.every(({ withdrawnAt }) => withdrawnAt !== null));
    assert.notEqual((await record(caller)).id, first.id);
  });

  it('is one at a time for a purpose, however often it is recorded at once', async () => {
    const { caller } = await buildOrganization(system.app);
    const both = await Promise.allSettled([record(caller), record(caller), record(caller)]);
    assert.ok(both.some(({ status }) => status === 'fulfilled'));
    assert.equal((await list(caller)).length, 1);
  });

  it('is recorded for oneself, or for others by who manages consents', async () => {
    const organization = await buildOrganization(system.app);
    const guest = await buildMember(system.app, organization, 'guest');
    const other = await buildOrganization(system.app);
    await assertRefused(record(guest.caller, { userId: organization.userId }), 'forbidden');
    await assertRefused(record(organization.caller, { userId: other.userId }), 'not_found');
    const given = await record(organization.caller, { userId: guest.userId, source: 'paper' });
    assert.deepEqual([given.userId, given.recordedBy], [guest.userId, organization.userId]);
    const own = await record(organization.caller);
    assert.deepEqual(
      (await list(guest.caller)).map(({ id }) => id),
      [given.id],
    );
    await assertRefused(system.app.perform(guest.caller, 'consents.withdraw', { id: own.id }), 'not_found');
    await system.app.perform(guest.caller, 'consents.withdraw', { id: given.id });
  });

  it('is neither changed nor deleted by the application', async () => {
    const { caller, orgId } = await buildOrganization(system.app);
    const { id } = await record(caller);
    const role = openApplicationRole(system.stack);
    for (const statement of ["UPDATE consents SET text_version = 'x'", 'DELETE FROM consents']) {
      const tried = role.begin(async (sql) => {
        await sql`SELECT set_config('app.org_id', ${orgId}, true)`;
        await sql.unsafe(statement);
      });
      await assert.rejects(tried, /permission denied/);
    }
    assert.deepEqual(
      (await list(caller)).map((one) => one.id),
      [id],
    );
  });
});
