import assert from 'node:assert/strict';
import type { z } from 'zod';
import { AutomationDefinition } from '#core/automation/definition.js';
import { nodeKinds } from '#core/automation/nodes/index.js';
import type { ChoiceSource } from '#core/choices.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { toJsonSchema } from './json-schema.js';
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

  it('tells how a step is called by itself, with a connection or without', async () => {
    const operationOf = async (name: string) => (await stepNamed(name)).operation;
    assert.deepEqual(await operationOf('projects.list'), { method: 'get', path: '/projects' });
    assert.deepEqual(await operationOf('slack.list_channels'), {
      method: 'post',
      path: '/connections/:connectionId/actions/slack.list_channels',
    });
  });

  it('names only actions that read, and fields that they give, as where choices come from', () => {
    const { actions, triggers } = app.services.catalogue;
    const schemas = [
      ...[...actions.values()].map(({ input }) => input),
      ...[...triggers.values()].flatMap(({ input }) => input ?? []),
      ...Object.values(nodeKinds).map(({ schema }) => schema),
      AutomationDefinition,
    ];
    const sources = schemas.flatMap((schema) => sourcesIn(toJsonSchema(schema, 'input')));
    assert.ok(new Set(sources.map(({ action }) => action)).size >= 7);
    for (const { action, value = 'value', label = 'label', given = [], input = {} } of sources) {
      const { effect, ...found } = app.services.catalogue.action(action);
      assert.equal(effect, 'read', action);
      const takes = Object(toJsonSchema(found.input, 'input').properties);
      for (const field of [...given, ...Object.keys(input), 'q', 'cursor'])
        assert.ok(Object.hasOwn(takes, field), `${action} takes ${field}`);
      const gives = Object(toJsonSchema(found.output, 'output').properties);
      const item = Object(gives.items.items.properties);
      for (const field of [value, label]) assert.ok(Object.hasOwn(item, field), `${action} gives ${field}`);
      assert.ok(gives.nextCursor, action);
    }
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

/** Everything that fields of a schema say of where their choices come from. */
function sourcesIn(schema: unknown): ChoiceSource[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'choices' in schema && Array.isArray(schema.choices) ? schema.choices : [];
  return [...own, ...Object.values(schema).flatMap(sourcesIn)];
}
