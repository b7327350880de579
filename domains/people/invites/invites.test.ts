import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildMemberWith, memberOf, roleWithKey } from '#test/builders/build-role.js';
import { serveSystem } from '#test/ingress/served-system.js';
import { openOwner } from '#test/owner.js';
import { type TestSystem, workingSystem } from '#test/system.js';
import { Invite } from './invite.js';

const WithCode = Invite.extend({ code: z.string() });
const Accepted = z.object({
  organization: z.looseObject({ id: z.uuid() }),
  session: z.looseObject({ user: z.looseObject({ id: z.uuid() }) }).nullable(),
});
const anonymous: Caller = { kind: 'anonymous' };
const password = 'correct horse battery';

describe('invites', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  let roleId: string;
  before(async () => {
    system = await workingSystem();
    acme = await buildOrganization(system.app);
    ({ id: roleId } = await roleWithKey(system.app, acme.caller, 'member'));
  });

  const perform = (action: string, input: object, caller: Caller = acme.caller) =>
    system.app.perform(caller, action, input);
  const newEmail = () => `new-${randomUUID()}@example.com`;
  const makeCode = async (more: object = {}) =>
    WithCode.parse(await perform('invites.create_code', { roleId, ...more }));
  const accept = async (input: object) =>
    Accepted.parse(await perform('invites.accept', { name: 'Nora New', password, ...input }, anonymous));
  const acceptCode = (code: string, email = newEmail()) => accept({ code, email });
  const tokenTo = async (email: string, count = 1) => {
    const mails = await system.mailbox.received(email, count);
    const [, token] = /\/invites\/(\S+)/.exec(mails.at(-1)?.text ?? '') ?? [];
    return token ?? assert.fail('no link in the mail');
  };
  const send = async (email: string) => Invite.parse(await perform('invites.send', { email, roleId }));
  const ageInvite = (id: string) =>
    openOwner(system.stack)`UPDATE invites SET issued_at = issued_at - interval '8 days',
      expires_at = expires_at - interval '8 days' WHERE id = ${id}`;

  it('by mail lead a new person in, once, with role and department', async () => {
    const department = z
      .object({ id: z.uuid() })
      .parse(await perform('departments.create', { name: 'Support' }));
    const email = newEmail();
    await perform('invites.send', { email, roleId, departmentId: department.id });
    const token = await tokenTo(email);
    const shown = z
      .looseObject({ organization: z.object({ name: z.string() }), email: z.string() })
      .parse(await perform('invites.show', { token }, anonymous));
    assert.deepEqual([shown.organization.name, shown.email], ['Acme', email]);
    const { session } = await accept({ token });
    const member = await memberOf(system.app, acme.caller, session?.user.id ?? '');
    assert.deepEqual([member.email, member.role.key], [email, 'member']);
    assert.deepEqual(member.departments, [{ id: department.id, name: 'Support', isPrimary: true }]);
    await assertRefused(accept({ token }), 'not_found');
  });

  it('by mail lead to the account of the address, which signs in itself', async () => {
    const person = await buildOrganization(system.app, { name: 'Elsewhere' });
    await send(person.email);
    const { session } = await accept({
      token: await tokenTo(person.email),
      name: undefined,
      password: undefined,
    });
    assert.equal(session, null);
    assert.equal((await memberOf(system.app, acme.caller, person.userId)).status, 'active');
  });

  it('are accepted by those who are signed in, for the address that they were sent to', async () => {
    const [person, thief] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    await send(person.email);
    const token = await tokenTo(person.email);
    await assertRefused(perform('invites.join', { token }, thief.caller), 'not_found');
    await perform('invites.join', { token }, person.caller);
    assert.equal((await memberOf(system.app, acme.caller, person.userId)).role.key, 'member');
  });

  it('by code let in as many as they say, however many come at once', async () => {
    const { code, id } = await makeCode({ maxUses: 2 });
    const done = await Promise.allSettled(Array.from({ length: 5 }, () => acceptCode(code)));
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 2);
    const { items } = z
      .object({ items: z.array(Invite) })
      .parse(await perform('invites.list', { status: 'used', limit: 200 }));
    assert.equal(items.find((invite) => invite.id === id)?.uses, 2);
  });

  it('count one person who clicks twice once', async () => {
    const { code } = await makeCode({ maxUses: 2 });
    const person = await buildOrganization(system.app);
    await Promise.all([
      perform('invites.join', { code }, person.caller),
      perform('invites.join', { code: `${code.slice(0, 5)}-${code.slice(5).toLowerCase()}` }, person.caller),
    ]);
    await acceptCode(code);
    await assertRefused(acceptCode(code), 'not_found');
  });

  it('are answered alike when unknown, expired, revoked, used up, malformed, or beyond their maker', async () => {
    const [expired, revoked, used] = [await makeCode(), await makeCode(), await makeCode()];
    await ageInvite(expired.id);
    await perform('invites.revoke', { id: revoked.id });
    await acceptCode(used.code);
    const manager = await buildMember(system.app, acme, 'manager');
    const left = WithCode.parse(await perform('invites.create_code', { roleId }, manager.caller));
    await perform('members.deactivate', {
      id: (await memberOf(system.app, acme.caller, manager.userId)).id,
    });
    const forged = `wsi_${'A'.repeat(86)}`;
    const answers = new Set<string>();
    for (const code of [expired.code, revoked.code, used.code, left.code, 'ABCDEFGHJK', '', '0'.repeat(40)]) {
      answers.add((await assertRefused(acceptCode(code), 'not_found')).message);
      answers.add((await assertRefused(perform('invites.show', { code }, anonymous), 'not_found')).message);
    }
    for (const token of [forged, 'nonsense', '']) {
      answers.add((await assertRefused(accept({ token }), 'not_found')).message);
    }
    assert.equal(answers.size, 1);
  });

  it('are refused after about the same time, whether unknown or revoked', async () => {
    const revoked = await makeCode();
    await perform('invites.revoke', { id: revoked.id });
    const timeOf = async (code: string) => {
      const begin = process.hrtime.bigint();
      await assertRefused(acceptCode(code), 'not_found');
      return Number(process.hrtime.bigint() - begin) / 1e6;
    };
    const times: Record<'unknown' | 'known', number[]> = { unknown: [], known: [] };
    for (let round = 0; round < 9; round += 1) {
      times.unknown.push(await timeOf('ABCDEFGHJK'));
      times.known.push(await timeOf(revoked.code));
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[4] ?? 0;
    const [unknown, known] = [median(times.unknown), median(times.known)];
    assert.ok(Math.abs(unknown - known) < Math.max(unknown, known) * 0.5, `${unknown} and ${known} ms`);
  });

  it('end with their old token when they are sent again', async () => {
    const email = newEmail();
    const { id } = await send(email);
    const old = await tokenTo(email);
    await ageInvite(id);
    await perform('invites.resend', { id });
    const token = await tokenTo(email, 2);
    await assertRefused(accept({ token: old }), 'not_found');
    await accept({ token });
    await assertRefused(perform('invites.resend', { id }), 'conflict');
  });

  it('to one address are one: a new one ends that before', async () => {
    const email = newEmail();
    await send(email);
    const first = await tokenTo(email);
    await send(email);
    await assertRefused(accept({ token: first }), 'not_found');
    await accept({ token: await tokenTo(email, 2) });
    await assertRefused(send(email), 'conflict', 'email');
  });

  it('do not bring back who was removed after they were made, or is deactivated', async () => {
    const { code } = await makeCode({ maxUses: 9 });
    const person = await buildOrganization(system.app);
    const join = (given: string) => perform('invites.join', { code: given }, person.caller);
    await join(code);
    const { id } = await memberOf(system.app, acme.caller, person.userId);
    await perform('members.deactivate', { id });
    await assertRefused(join(code), 'not_found');
    await perform('members.remove', { id });
    await assertRefused(join(code), 'not_found');
    await join((await makeCode()).code);
    assert.equal((await memberOf(system.app, acme.caller, person.userId)).status, 'active');
  });

  it('by code refuse the address of an account, and leave the account alone', async () => {
    const person = await buildOrganization(system.app);
    const { code } = await makeCode();
    await assertRefused(acceptCode(code, person.email), 'conflict', 'email');
    await acceptCode(code);
  });

  it('are accepted neither by keys nor by automations', async () => {
    const key = z
      .object({ key: z.string() })
      .parse(await perform('api_keys.create', { name: 'K', scopes: ['identity:read'] }));
    const { code } = await makeCode();
    await assertRefused(
      perform('invites.join', { code }, await system.app.resolveApiKey(key.key)),
      'forbidden',
    );
  });

  it('are kept without token and code', async () => {
    const { code } = await makeCode();
    const email = newEmail();
    await send(email);
    const token = await tokenTo(email);
    const rows = await system.app.services.database.withOrg(acme.orgId, (db) =>
      db.execute(sql`SELECT to_jsonb(i) AS row FROM invites i
        UNION ALL SELECT to_jsonb(m) FROM outgoing_mails m UNION ALL SELECT to_jsonb(a) FROM audit_log a`),
    );
    const text = JSON.stringify(rows);
    assert.ok(!text.includes(code) && !text.includes(token));
  });

  it('are made by whom the role allows it', async () => {
    const member = await buildMember(system.app, acme, 'member');
    await assertRefused(perform('invites.create_code', { roleId }, member.caller), 'forbidden');
    const inviter = await buildMemberWith(system.app, acme, ['invites:*']);
    await assertRefused(perform('invites.create_code', { roleId }, inviter.caller), 'validation', 'roleId');
  });

  it('are not guessed: tries are limited', async () => {
    const { address } = await serveSystem({ limits: { signInsPerMinute: 3 } });
    const ask = () =>
      fetch(`${address}/v1/invites/join`, {
        method: 'POST',
        headers: { authorization: `Bearer ${acme.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ code: 'ABCDEFGHJK' }),
      });
    const statuses = [];
    for (let tries = 0; tries < 4; tries += 1) statuses.push((await ask()).status);
    assert.deepEqual(statuses, [404, 404, 404, 429]);
  });
});
