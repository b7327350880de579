import assert from 'node:assert/strict';
import type { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { getStep, listSteps, Step } from './steps.js';
import { getTrigger, listTriggers } from './triggers.js';

describe('the catalogue of the builder', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  async function ask<Output extends z.ZodType>(
    action: { name: string; output: Output },
    input: object,
  ): Promise<z.output<Output>> {
    return action.output.parse(await app.perform(acme.caller, action.name, input));
  }
  const stepNamed = async (name: string) => Step.parse(await ask(getStep, { name }));

  it('lists actions of the platform and of apps, and leaves out what publishing refuses', async () => {
    const { items } = (await ask(listSteps, {})) as { items: { name: string; connector: string | null }[] };
    const names = items.map(({ name }) => name);
    assert.ok(names.includes('tasks.create') && names.includes('slack.post_message'));
    for (const left of ['code.run', 'automations.run_subflow', 'identity.log_in'])
      assert.ok(!names.includes(left), left);
    assert.equal(items.find(({ name }) => name === 'slack.post_message')?.connector, 'slack');
  });

  it('tells what an action takes and gives', async () => {
    const step = await stepNamed('tasks.create');
    assert.ok(Object.hasOwn(Object(step.input.properties), 'title'));
    assert.ok(Object.hasOwn(Object(step.output.properties), 'id'));
    assert.equal(step.connection, 'none');
    await assertRefused(stepNamed('code.run'), 'not_found');
    await assertRefused(stepNamed('__proto__'), 'not_found');
  });

  it('lists every kind of trigger, and tells what each takes and gives', async () => {
    const { items, events } = (await ask(listTriggers, {})) as {
      items: { name: string }[];
      events: { type: string }[];
    };
    const names = items.map(({ name }) => name);
    for (const name of ['manual', 'schedule', 'event', 'email', 'github.issue_opened'])
      assert.ok(names.includes(name), name);
    assert.ok(events.some(({ type }) => type === 'task.created'));
    for (const name of names) await ask(getTrigger, { name });
    await assertRefused(ask(getTrigger, { name: 'nothing' }), 'not_found');
  });

  it('tells of an event what its payload holds', async () => {
    const { output } = (await ask(getTrigger, { name: 'event', event: 'task.created' })) as {
      output: { properties?: object };
    };
    assert.ok(output.properties && 'title' in output.properties);
  });
});
