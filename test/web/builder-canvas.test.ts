import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import {
  draftOf,
  makeAutomation,
  openBuilder,
  savedAutomation,
  setStep,
  untilSaved,
} from './builder-visit.js';

const Notes = z.array(
  z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), text: z.string() }),
);

describe('the canvas of the builder', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  let page: Page;
  let id: string;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    ({ page } = visitor);
    await logIn(page, acme);
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  async function open(name: string, steps: readonly { id: string }[], search = '', more: object = {}) {
    id = await makeAutomation(system.app, acme.caller, draftOf(name, steps, more));
    await openBuilder(page, id, name, search);
    await page.locator('.react-flow__node, li').first().waitFor();
  }
  const graph = async () => {
    await untilSaved(page);
    return (await savedAutomation(system.app, acme.caller, id)).graph;
  };
  const edges = async () => (await graph()).edges.map(({ source, target }) => `${source}>${target}`);
  const until = (what: string, holds: () => Promise<boolean>) =>
    eventually(what, async () => ((await holds()) ? true : undefined));
  const palette = () => page.getByRole('region', { name: 'Steps to drag' });

  it('takes a step that is dragged onto an edge in between, and one beside where it is let go', async () => {
    await open('Dragged', [setStep('first'), setStep('last')], '?palette=open');
    const wait = palette().getByRole('option', { name: /^Wait/ });
    await wait.dragTo(page.getByRole('button', { name: 'Add a step from first to last' }));
    await page.getByRole('region', { name: 'Settings of Wait' }).waitFor();
    await until(
      'it is in the edge',
      async () => (await edges()).sort().join() === ['first>wait', 'trigger>first', 'wait>last'].join(),
    );
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Close the settings' }).click();

    const canvas = page.locator('.react-flow__pane');
    const box = (await canvas.boundingBox()) ?? assert.fail('There is no canvas');
    await palette()
      .getByRole('option', { name: /^Stop Ends/ })
      .dragTo(canvas, { targetPosition: { x: 160, y: box.height - 160 } });
    const stop = page.getByRole('group', { name: /^Stop/ });
    await stop.waitFor();
    assert.equal((await edges()).length, 3, 'nothing leads to it yet');
    const { layout } = await graph();
    assert.ok(Object.keys(Object(layout.nodes)).includes('stop'), 'it stays where it was put');
  });

  it('adds from the same palette by the keyboard alone', async () => {
    await open('By keys', [setStep('only')]);
    await page.getByRole('button', { name: 'Steps to drag' }).focus();
    await page.keyboard.press('Enter');
    await palette().getByRole('combobox').focus();
    await page.keyboard.type('wait');
    await palette().getByRole('option', { name: /^Wait/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Settings of Wait' }).waitFor();
    assert.deepEqual(await edges(), ['trigger>only', 'only>wait']);
  });

  it('lets every button to add a step be hit, whichever ways of a step go on', async () => {
    const ask = {
      id: 'ask',
      type: 'approval',
      name: 'Ask',
      input: { title: 'May I?' },
      approvers: { users: [], roles: ['owner'] },
      timeout: '1h',
    };
    await open('Asked', [ask, setStep('yes')], '', {
      edges: [
        { source: 'trigger', target: 'ask' },
        { source: 'ask', sourceHandle: 'approved', target: 'yes' },
      ],
    });
    const buttons = page.getByRole('button', { name: /^Add a step (after|from)/ });
    await buttons.first().waitFor();
    const names = await buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')));
    assert.ok(names.length >= 4, names.join());
    for (const button of await buttons.all()) {
      for (const x of [3, 10, 17])
        await button.click({ trial: true, position: { x, y: 10 }, timeout: 2_000 });
    }
  });

  it('keeps notes: written, moved and made larger by mouse, kept when it is published', async () => {
    await open('Noted', [setStep('only')]);
    await page.keyboard.press('n');
    const text = page.getByRole('textbox', { name: 'Text of the note' });
    await text.fill('Ask Ada before you change this');
    const [first] = Notes.parse((await graph()).layout.notes);
    assert.equal(first?.text, 'Ask Ada before you change this');
    const note = page.locator('.react-flow__node-note');
    const corner = note.locator('.react-flow__resize-control.handle.bottom.right');
    const from = (await corner.boundingBox()) ?? assert.fail('It can not be made larger');
    await page.mouse.move(from.x + 3, from.y + 3);
    await page.mouse.down();
    await page.mouse.move(from.x + 90, from.y + 70, { steps: 5 });
    await page.mouse.up();
    await until('it is larger', async () => {
      const [now] = Notes.parse((await graph()).layout.notes);
      return now !== undefined && now.width > 280 && now.height > 150;
    });
    await page.locator('.react-flow__pane').click({ position: { x: 30, y: 30 } });
    await page.getByRole('group', { name: 'Note: Ask Ada before you change this' }).waitFor();
    await system.app.perform(acme.caller, 'automations.publish', { id });
    const version = z
      .looseObject({ definition: z.looseObject({ layout: z.looseObject({ notes: Notes }) }) })
      .parse(await system.app.perform(acme.caller, 'automations.get_version', { id, publishedVersion: 1 }));
    assert.equal(version.definition.layout.notes.length, 1);
    await page.keyboard.press('z');
    await until('the size is taken back', async () => {
      const [now] = Notes.parse((await graph()).layout.notes);
      return now?.width === 240;
    });
  });

  it('lets notes be chosen, moved, written and deleted by the keyboard, on the canvas and in the list', async () => {
    const notes = [{ id: 'note:1', x: -300, y: 0, width: 240, height: 120, text: 'Old' }];
    await open('Reached', [setStep('only')], '', { layout: { notes } });
    const note = page.getByRole('group', { name: 'Note: Old' });
    await note.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await until('it has moved', async () => Notes.parse((await graph()).layout.notes)[0]?.x !== -300);
    await page.getByRole('textbox', { name: 'Text of the note' }).focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' and new');
    await until('it is written', async () => {
      const [now] = Notes.parse((await graph()).layout.notes);
      return now?.text === 'Old and new';
    });
    await page.goto(`/automations/${id}/edit?view=list`);
    const text = page.getByRole('textbox', { name: 'Text of note 1' });
    await text.fill('Listed');
    await until('it is written', async () => Notes.parse((await graph()).layout.notes)[0]?.text === 'Listed');
    await page.getByRole('button', { name: 'Delete note 1' }).press('Enter');
    await until('it is gone', async () => (await graph()).layout.notes === undefined);
  });
});
