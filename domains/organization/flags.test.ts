import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { roleWithKey } from '#test/builders/build-role.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';

const Flags = z.object({
  plan: z.string(),
  items: z.array(z.looseObject({ name: z.string(), isOn: z.boolean() })),
});

describe('flags of an organization', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  beforeEach(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const perform = (action: string, input: object, caller = acme.caller) => app.perform(caller, action, input);
  const isOn = async (name: string) =>
    Flags.parse(await perform('flags.list', {})).items.find((flag) => flag.name === name)?.isOn;

  it('are those of its plan at first', async () => {
    const { plan, items } = Flags.parse(await perform('flags.list', {}));
    assert.equal(plan, 'free');
    assert.ok(items.length > 0 && items.every((flag) => flag.isOn));
  });

  it('take a module away with all of its actions, and bring it back as it was', async () => {
    const other = await buildOrganization(app);
    const { id } = await buildProject(app, acme.caller);
    await perform('flags.set', { name: 'work', isOn: false });
    assert.equal(await isOn('work'), false);
    for (const action of ['projects.get', 'projects.delete', 'tasks.get', 'projects.list_members']) {
      await assertRefused(perform(action, { id }), 'module_off');
    }
    await perform('projects.list', {}, other.caller);
    await perform('flags.set', { name: 'work', isOn: true });
    await perform('projects.get', { id });
  });

  it('take a feature away', async () => {
    const { id: roleId } = await roleWithKey(app, acme.caller, 'member');
    await perform('flags.set', { name: 'invite_codes', isOn: false });
    await assertRefused(perform('invites.create_code', { roleId }), 'module_off');
  });

  it('are switched by who may change the organization, and only those that there are', async () => {
    const member = await buildMember(app, acme, 'member');
    await perform('flags.list', {}, member.caller);
    await assertRefused(perform('flags.set', { name: 'work', isOn: false }, member.caller), 'forbidden');
    await assertRefused(perform('flags.set', { name: 'teleport', isOn: true }), 'validation', 'name');
  });
});
