import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
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

const Pinned = z.looseObject({ pinned: z.unknown() });

describe('the panels of the builder', () => {
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

  async function open(draft: { name: string }, search = ''): Promise<void> {
    id = await makeAutomation(system.app, acme.caller, draft);
    await openBuilder(page, id, draft.name, search);
  }
  const saved = async () => {
    await untilSaved(page);
    return savedAutomation(system.app, acme.caller, id);
  };
  const until = (what: string, holds: () => Promise<boolean>) =>
    eventually(what, async () => ((await holds()) ? true : undefined));

  it('settings: name, description, another automation for failures, and limits, each where it is kept', async () => {
    await makeAutomation(system.app, acme.caller, draftOf('Clean up', []));
    await open(draftOf('Named', [setStep('only')]), '?panel=settings');
    const settings = page.getByRole('region', { name: 'Settings of the automation' });
    await settings.getByLabel('Name', { exact: true }).fill('Renamed');
    await page.getByRole('heading', { name: 'Renamed', level: 1 }).waitFor();
    await settings.getByLabel('Description').fill('What it is for');
    const add = async (field: string) => {
      await settings.getByRole('button', { name: 'Add a setting' }).click();
      await page.getByRole('option', { name: field }).click();
    };
    await settings.getByRole('button', { name: 'After a failure, start: Choose …' }).click();
    await page.getByRole('option', { name: 'Clean up' }).click();
    await add('Runs at once');
    await settings.getByLabel('Max', { exact: true }).fill('3');
    await settings.getByLabel('Longest run', { exact: true }).fill('soon');
    await settings.getByText(/^Must be a duration/).waitFor();
    await settings.getByLabel('Longest run', { exact: true }).fill('2h');
    await settings.getByText(/^Must be a duration/).waitFor({ state: 'detached' });
    await until('all is kept', async () => {
      const { name, description, graph } = await saved();
      const { onFailure, ...rest } = graph.settings;
      const isNamed = name === 'Renamed' && description === 'What it is for';
      return (
        isNamed &&
        typeof onFailure === 'string' &&
        isDeepStrictEqual(rest, { concurrency: { max: 3 }, timeout: '2h' })
      );
    });
    await page.getByRole('button', { name: 'Versions', exact: true }).waitFor();
  });

  it('a step gets another name in expressions, and all that names it follows', async () => {
    const tell = { ...setStep('tell'), input: { values: { text: '{{ steps.first.output.text }}' } } };
    await open(draftOf('Followed', [setStep('first', 'Hi'), tell]));
    await page.getByRole('group', { name: /^first/ }).click();
    const name = page.getByLabel('Name in expressions');
    await name.fill('tell');
    await page.getByText('It is the name of another step').waitFor();
    await name.fill('greeting');
    await name.press('Enter');
    await until('it is kept', async () => {
      const { nodes, edges } = (await saved()).graph;
      return (
        nodes.map((node) => node.id).join() === 'greeting,tell' &&
        JSON.stringify(nodes[1]?.input).includes('steps.greeting.output.text') &&
        edges.map(({ source, target }) => `${source}>${target}`).join() === 'trigger>greeting,greeting>tell'
      );
    });
    assert.equal(await name.inputValue(), 'greeting');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await until('it is as before', async () => (await saved()).graph.nodes[0]?.id === 'first');
  });

  it('pinned data: seen, edited and taken off, step by step', async () => {
    const pinned = { trigger: { title: 'Broken' }, steps: { first: { text: 'Pinned' } } };
    await open(draftOf('Pins', [setStep('first'), setStep('second')], { pinned }), '?panel=pinned');
    const panel = page.getByRole('region', { name: 'Pinned data', exact: true });
    const first = panel.getByRole('region', { name: 'Pinned data of first' });
    await first.getByText('"Pinned"').waitFor();
    await first.getByRole('button', { name: 'Edit the data of first' }).click();
    const editor = first.getByRole('textbox', { name: 'Data of first as JSON' });
    await editor.fill('{ "text": ');
    assert.ok(await first.getByRole('button', { name: 'Pin it' }).isDisabled());
    await editor.fill('{ "text": "Edited" }');
    await first.getByRole('button', { name: 'Pin it' }).click();
    await first.getByText('"Edited"').waitFor();
    await panel.getByRole('button', { name: 'Unpin the data of Started by hand' }).click();
    await panel.getByRole('button', { name: 'Pin data of a step' }).click();
    await page.getByRole('option', { name: 'second' }).click();
    await panel.getByRole('textbox', { name: 'Data of second as JSON' }).fill('[1, 2]');
    await panel.getByRole('button', { name: 'Pin it' }).click();
    await until('it is kept', async () => {
      const { pinned: kept } = Pinned.parse((await saved()).draft);
      return JSON.stringify(kept) === '{"steps":{"first":{"text":"Edited"},"second":[1,2]}}';
    });
  });
});
