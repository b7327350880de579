import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { memberOf } from '#test/builders/build-role.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { Department } from './department.js';

const Members = z.object({ items: z.array(z.looseObject({ userId: z.uuid() })) });

describe('departments', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const perform = (action: string, input: object) => app.perform(acme.caller, action, input);
  const build = async (parentId: string | null = null, name = 'Department') =>
    Department.parse(await perform('departments.create', { name, parentId }));
  const move = (id: string, parentId: string | null) => perform('departments.update', { id, parentId });

  async function buildChain(length: number) {
    const chain = [await build()];
    while (chain.length < length) chain.push(await build(chain.at(-1)?.id));
    return chain.map(({ id }) => id);
  }

  it('refuse to lie under themselves', async () => {
    const [top = '', middle = '', bottom = ''] = await buildChain(3);
    for (const parent of [top, middle, bottom]) {
      await assertRefused(move(top, parent), 'validation', 'parentId');
    }
    await move(bottom, null);
    await move(top, bottom);
  });

  it('make no circle when two are moved under each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await build(), await build()];
      const moves = await Promise.allSettled([move(one.id, two.id), move(two.id, one.id)]);
      assert.deepEqual(moves.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    }
  });

  it('lie ten levels deep at most, with what is moved along', async () => {
    const chain = await buildChain(10);
    await assertRefused(build(chain.at(-1)), 'validation', 'parentId');
    const [pair = ''] = await buildChain(2);
    await assertRefused(move(pair, chain[8] ?? ''), 'validation', 'parentId');
    await move(pair, chain[7] ?? '');
  });

  it('are not deleted before those under them, and come back under what is there', async () => {
    const [top = '', bottom = ''] = await buildChain(2);
    await assertRefused(perform('departments.delete', { id: top }), 'conflict');
    await perform('departments.delete', { id: bottom });
    await perform('departments.delete', { id: top });
    await assertRefused(perform('departments.restore', { id: bottom }), 'conflict');
    await assertRefused(build(top), 'validation', 'parentId');
    await perform('departments.restore', { id: top });
    await perform('departments.restore', { id: bottom });
  });

  it('are led by active members only', async () => {
    const member = await buildMember(app, acme, 'member');
    const { id } = await build();
    const lead = () => perform('departments.update', { id, headId: member.userId });
    await lead();
    await perform('departments.update', { id, headId: null });
    await perform('members.deactivate', { id: (await memberOf(app, acme.caller, member.userId)).id });
    await assertRefused(lead(), 'validation', 'headId');
  });

  it('have members, of whom each has one first department', async () => {
    const { userId } = await buildMember(app, acme, 'member');
    const [sales, support] = [await build(null, 'Sales'), await build(null, 'Support')];
    const { id } = await memberOf(app, acme.caller, userId);
    await perform('departments.add_member', { id: sales.id, userId, isPrimary: true });
    await Promise.all([
      perform('members.update', { id, departmentId: support.id }),
      perform('departments.add_member', { id: sales.id, userId, isPrimary: true }),
    ]);
    const { departments } = await memberOf(app, acme.caller, userId);
    assert.deepEqual(departments.map(({ name }) => name).sort(), ['Sales', 'Support']);
    assert.equal(departments.filter(({ isPrimary }) => isPrimary).length, 1);
    const { items } = Members.parse(await perform('members.list', { departmentId: support.id }));
    assert.deepEqual(
      items.map((item) => item.userId),
      [userId],
    );
    await perform('departments.remove_member', { id: support.id, userId });
    await assertRefused(perform('departments.remove_member', { id: support.id, userId }), 'not_found');
  });
});
