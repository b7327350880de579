import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { buildMember } from '../builders/build-member.js';
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
  let other: Caller;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    await buildProject(system.app, acme.caller, { name: 'Garden' });
    other = (await buildMember(system.app, acme, 'admin')).caller;
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
    await settings.getByRole('button', { name: 'Project: Choose …' }).click();
    await page.getByRole('option', { name: 'Garden' }).click();
    await settings.getByRole('button', { name: 'Project: Garden' }).waitFor();
    await settings.getByRole('button', { name: 'Title: expression' }).click();
    await write(settings, 'Title', 'Water {{ item }}');
    await addAfter('Loop, When done', 'Approval');
    await write(settings, 'Title', 'Is the garden wet?');
    await addAfter('Approval, Approved', 'Set values');
    await addAfter('If, No', 'Stop');
    await publish(page);
    await assertBuilt(id);
    await runToApproval(id);
  }).timeout(120_000);

  it('builds the same in the list, by the keyboard alone', async () => {
    const { page } = visitor;
    const id = await open('Water it again', '?view=list');
    const press = page.keyboard;
    const settings = page.getByRole('region', { name: /^Settings of/ });
    const addAfter = async (place: string, step: string) => {
      await page.getByRole('button', { name: `Add a step after ${place}`, exact: true }).focus();
      await press.press('Enter');
      await page.getByRole('combobox').waitFor();
      await press.type(step);
      await page.getByRole('option', { name: new RegExp(`^${step}`), selected: true }).waitFor();
      await press.press('Enter');
      await settings.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
    };
    const fillNext = async (label: string, text: string) => {
      const field = settings.getByRole('textbox', { name: label, exact: true });
      await field.waitFor();
      await press.press('Tab');
      await field.and(page.locator(':focus')).waitFor();
      await press.insertText(text);
    };
    await addAfter('Started by hand', 'If');
    await fillNext('Condition', '{{ 1 < 2 }}');
    await addAfter('If, Yes', 'Loop');
    await fillNext('Items', "{{ ['Roses', 'Tulips'] }}");
    await addAfter('Loop, For each', 'Create task');
    await settings.getByRole('button', { name: 'Project: Choose …' }).focus();
    await press.press('Enter');
    await page.getByRole('combobox', { name: 'Project' }).and(page.locator(':focus')).waitFor();
    await press.type('gard');
    await page.getByRole('option', { name: 'Garden', selected: true }).waitFor();
    await press.press('Enter');
    await settings.getByRole('button', { name: 'Project: Garden' }).waitFor();
    await settings.getByRole('button', { name: 'Title: expression' }).focus();
    await press.press('Space');
    await fillNext('Title', 'Water {{ item }}');
    await addAfter('Loop, When done', 'Approval');
    await fillNext('Title', 'Is the garden wet?');
    await addAfter('Approval, Approved', 'Set values');
    await addAfter('If, No', 'Stop');
    await page
      .getByRole('listitem', { name: 'Stop', exact: true })
      .getByRole('button', { name: 'Edit Stop' })
      .focus();
    await press.press('ControlOrMeta+Enter');
    await page.getByRole('dialog').getByLabel('What is new').and(page.locator(':focus')).waitFor();
    await press.type('The first');
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).focus();
    await press.press('Enter');
    await page.getByText('Version 1 is published').first().waitFor();
    await assertBuilt(id);
    await runToApproval(id);
  }).timeout(120_000);

  it('takes back, deletes, duplicates, and finds all as it was after a reload', async () => {
    const { page } = visitor;
    const id = await open('Copies', '?view=list');
    const steps = page.getByRole('list', { name: 'Steps' }).locator(':scope > li');
    for (const step of ['Wait', 'Set values']) {
      await page.keyboard.press('a');
      await page.getByRole('combobox').fill(step);
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: `Settings of ${step}` }).waitFor();
      await page.getByRole('button', { name: 'Close the settings' }).click();
    }
    await page.getByRole('button', { name: 'Delete Wait' }).click();
    await eventually('the step is gone', async () => ((await steps.count()) === 2 ? true : undefined));
    await page.keyboard.press('z');
    await page.getByRole('listitem', { name: 'Wait', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Edit Wait' }).click();
    await page.getByRole('button', { name: 'Duplicate the step' }).click();
    await page.getByRole('region', { name: 'Settings of Wait' }).getByText('steps.wait_2').waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    await eventually('all is there again', async () => ((await steps.count()) === 4 ? true : undefined));
    const { nodes, edges } = Graph.parse((await rowOf(id)).draft);
    assert.deepEqual(
      nodes.map((node) => node.id),
      ['wait', 'set_values', 'wait_2'],
    );
    assert.equal(edges.length, 2);
  });

  it('runs a draft that is not published, and shows on each step how far it came', async () => {
    const { page } = visitor;
    await open('Tried');
    await page.keyboard.press('a');
    await page.getByRole('combobox').fill('Stop');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Settings of Stop' }).waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Test: Succeeded').waitFor();
    await page.getByRole('group', { name: /^Stop, .*, Succeeded$/ }).waitFor();
    await page.getByRole('button', { name: 'Test this step' }).waitFor();
  });

  it('tells two who edit of each other, and lets them choose what counts', async () => {
    const { page } = visitor;
    const id = await open('Shared', '?view=list');
    const { draft } = await rowOf(id);
    const saveAsOther = (name: string) =>
      system.app.perform(other, 'automations.update', {
        id,
        draft: { ...Object(draft), nodes: [{ id: 'theirs', type: 'set', name, input: { values: {} } }] },
      });
    await saveAsOther('First of theirs');
    await page.getByRole('listitem', { name: 'First of theirs', exact: true }).waitFor();

    const editOffline = async (step: string) => {
      await page.context().setOffline(true);
      await page.keyboard.press('a');
      await page.getByRole('combobox').fill(step);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Not saved: try again' }).waitFor();
      await page.getByRole('button', { name: 'Close the settings' }).click();
    };
    await page.getByText('Saved', { exact: true }).waitFor();
    await editOffline('Wait');
    await saveAsOther('Second of theirs');
    await page.context().setOffline(false);
    const notice = page.getByRole('alert').filter({ hasText: 'has saved this draft meanwhile' });
    await notice.getByRole('button', { name: 'Load theirs' }).click();
    await page.getByRole('listitem', { name: 'Second of theirs', exact: true }).waitFor();
    assert.equal(await page.getByRole('listitem', { name: 'Wait', exact: true }).count(), 0);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('listitem', { name: 'Wait', exact: true }).waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();

    await editOffline('Stop');
    await saveAsOther('Third of theirs');
    await page.context().setOffline(false);
    await notice.getByRole('button', { name: 'Keep mine' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    assert.deepEqual(
      Graph.parse((await rowOf(id)).draft).nodes.map((node) => node.type),
      ['set', 'wait', 'stop'],
    );
    visitor.assertQuiet(/ERR_INTERNET_DISCONNECTED|status of 409|ERR_NETWORK_CHANGED/);
  }).timeout(90_000);

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
