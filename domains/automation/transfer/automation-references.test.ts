import assert from 'node:assert/strict';
import { z } from 'zod';
import { chain } from '#test/builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';

const Imported = z.object({
  items: z.array(
    z.object({
      automation: z.object({ id: z.uuid(), name: z.string(), draft: z.unknown() }),
      issues: z.array(z.object({ path: z.string(), message: z.string() })),
    }),
  ),
});
const Exported = z.object({ automation: z.looseObject({}) });
const Checked = z.object({ items: z.array(z.object({ issues: z.array(z.looseObject({})) })) });

const manual = { type: 'manual' };
const note = { id: 'note', type: 'set', input: { values: { automation: 'stays' } } };

/** A definition that refers to another automation in every place where one can. */
const referring = (to: unknown) =>
  chain(
    { type: 'error', input: { automations: [to] } },
    [{ id: 'call', type: 'subflow', automation: to }, note],
    {
      settings: { onFailure: to },
    },
  );

describe('a document that refers to other automations', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  const perform = (action: string, input: object) => app.perform(acme.caller, `automations.${action}`, input);
  const create = async (name: string, draft: object): Promise<string> =>
    z.object({ id: z.uuid() }).parse(await perform('create', { name, draft })).id;
  const exported = async (id: string) => Exported.parse(await perform('export', { id })).automation;
  const bundle = (...automations: readonly object[]) => ({
    format: 'worksynapse.automation',
    version: 1,
    automations,
  });
  const importAll = async (document: object, more: object = {}) =>
    Imported.parse(await perform('import', { document, ...more })).items;

  it('names them, and finds those of the organization that imports it', async () => {
    const child = await create('Child', chain(manual, [note]));
    const parent = await exported(await create('Test', referring(child)));
    const { description, ...definition } = parent;
    assert.equal(description, '');
    assert.deepEqual(definition, referring({ automation: 'Child' }));
    acme = await buildOrganization(app);
    const own = await create('Child', chain(manual, [note]));
    const [item] = await importAll(bundle(parent));
    assert.deepEqual(item?.automation.draft, referring(own));
    assert.deepEqual(item?.issues, []);
  });

  it('leaves out what it does not find, and says so', async () => {
    await create('Twice', chain(manual, []));
    await create('Twice', chain(manual, []));
    for (const [name, problem] of [
      ['Nobody', 'there is no automation named "Nobody"'],
      ['Twice', 'there are several automations named "Twice"'],
    ] as const) {
      const definition = { ...referring({ automation: name }), name: 'Test' };
      const [item] = await importAll(bundle(definition));
      const paths = ['trigger.input.automations.0', 'nodes.0.automation', 'settings.onFailure'];
      assert.deepEqual(
        item?.issues,
        paths.map((path) => ({ path, message: `left out: ${problem}` })),
      );
    }
  });

  it('refers to its own automations first, whether they are new or replace others', async () => {
    const old = await create('Child', chain(manual, [note]));
    const document = bundle(
      { ...referring({ automation: 'Child' }), name: 'Parent' },
      { ...chain(manual, [note]), name: 'Child' },
    );
    const check = Checked.parse(await perform('check_import', { document }));
    const messages = check.items.flatMap(({ issues }) => issues.map(({ message }) => message));
    assert.deepEqual([...new Set(messages)], ['"Child" is not published']);

    const [parent, child] = await importAll(document);
    assert.notEqual(child?.automation.id, old);
    assert.deepEqual(parent?.automation.draft, { ...referring(child?.automation.id), name: 'Parent' });
    await perform('delete', { id: child?.automation.id });
    await perform('delete', { id: parent?.automation.id });
    const [again, replaced] = await importAll(document, { existing: 'replace' });
    assert.equal(replaced?.automation.id, old);
    assert.deepEqual(again?.automation.draft, { ...referring(old), name: 'Parent' });
  });
});
