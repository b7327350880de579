import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { eventually } from '../eventually.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

const Row = z.looseObject({ id: z.string(), publishedVersion: z.int().nullable(), draft: z.unknown() });
const Graph = z.object({
  nodes: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  edges: z.array(z.object({ source: z.string(), sourceHandle: z.string().optional(), target: z.string() })),
});
describe('the builder', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    await buildProject(system.app, acme.caller, { name: 'Garden' });
    visitor = await visit(system.address);
    await logIn(visitor.page, acme);
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  async function open(name: string, path = ''): Promise<string> {
    const draft = { name, trigger: { type: 'manual' }, nodes: [], edges: [] };
    const { id } = Row.parse(await system.app.perform(acme.caller, 'automations.create', { name, draft }));
    await visitor.page.goto(`/automations/${id}/edit${path}`);
    await visitor.page.getByRole('heading', { name, level: 1 }).waitFor();
    return id;
  }

  const rowOf = async (id: string) =>
    Row.parse(await system.app.perform(acme.caller, 'automations.get', { id }));

  it('builds a branch, a loop and an approval by mouse, and publishes them', async () => {
    const { page } = visitor;
    const id = await open('Water the garden');
    const settings = page.getByRole('region', { name: /^Settings of/ });
    const addAfter = async (place: string, step: string) => {
      await page.getByRole('button', { name: `Add a step after ${place}`, exact: true }).click();
      await page.getByRole('combobox').fill(step);
      await page.getByRole('option', { name: step }).first().click();
      await settings.waitFor();
    };
    await addAfter('Started by hand', 'If');
    await write(settings, 'Condition', '{{ 1 < 2 }}');
    await addAfter('If, Yes', 'Loop');
    await write(settings, 'Items', "{{ ['Roses', 'Tulips'] }}");
    await addAfter('Loop, For each', 'Create task');
    await settings.getByLabel('Project', { exact: true }).selectOption({ label: 'Garden' });
    await settings.getByRole('button', { name: 'Title: expression' }).click();
    await write(settings, 'Title', 'Water {{ item }}');
    await addAfter('Loop, When done', 'Approval');
    await write(settings, 'Title', 'Is the garden wet?');
    await addAfter('Approval, Approved', 'Set values');
    await addAfter('If, No', 'Stop');
    await page.screenshot({ path: '/tmp/builder-1.png' });
    await publish(page);
    await page.screenshot({ path: '/tmp/builder-2.png' });
    await assertBuilt(id);
    await runToApproval(id);
  }).timeout(120_000);

  /** The whole automation, as it is published. */
  async function assertBuilt(id: string): Promise<void> {
    const { draft, publishedVersion } = await rowOf(id);
    assert.equal(publishedVersion, 1);
    const { nodes, edges } = Graph.parse(draft);
    assert.deepEqual(nodes.map(({ type }) => type).sort(), [
      'action',
      'approval',
      'if',
      'loop',
      'set',
      'stop',
    ]);
    assert.deepEqual(
      edges.map(({ source, sourceHandle = '', target }) => `${source}.${sourceHandle}>${target}`).sort(),
      [
        'approval.approved>set_values',
        'if.false>stop',
        'if.true>loop',
        'loop.body>create_task',
        'loop.done>approval',
        'trigger.>if',
      ],
    );
  }

  async function runToApproval(id: string): Promise<void> {
    const { app } = system;
    const { id: runId } = z
      .looseObject({ id: z.string() })
      .parse(await app.perform(acme.caller, 'automations.run', { id, input: {} }));
    const status = async () =>
      z.looseObject({ status: z.string() }).parse(await app.perform(acme.caller, 'runs.get', { id: runId }))
        .status;
    await eventually('the run waits for the approval', async () =>
      (await status()) === 'waiting' ? true : undefined,
    );
    const tasks = await app.perform(acme.caller, 'tasks.list', { q: 'Water', limit: 50 });
    assert.match(JSON.stringify(tasks), /Water Roses/);
    assert.match(JSON.stringify(tasks), /Water Tulips/);
  }
});

/** Puts a text into a field that takes expressions. */
async function write(settings: Locator, label: string, text: string): Promise<void> {
  const field = settings.getByRole('textbox', { name: label, exact: true });
  await field.click();
  await field.fill(text);
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is new').fill('The first');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Version 1 is published').first().waitFor();
}
