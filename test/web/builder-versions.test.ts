import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
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

describe('versions in the builder', () => {
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
  beforeEach(async () => {
    id = await makeAutomation(
      system.app,
      acme.caller,
      draftOf('Report', [setStep('read', 'old'), setStep('gone')]),
    );
    await publish('The first');
    await save(draftOf('Report', [setStep('read', 'new'), setStep('fresh')]));
    await publish('Reads anew');
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  const publish = (note: string) => system.app.perform(acme.caller, 'automations.publish', { id, note });
  const save = (draft: object) => system.app.perform(acme.caller, 'automations.update', { id, draft });
  const panel = () => page.getByRole('region', { name: 'Versions', exact: true });
  const stepsOf = async () =>
    (await savedAutomation(system.app, acme.caller, id)).graph.nodes.map((node) => node.id);

  it('are listed, newest first, with who published them and why', async () => {
    await openBuilder(page, id, 'Report');
    await page.getByRole('button', { name: 'Versions', exact: true }).click();
    const rows = panel().getByRole('list', { name: 'Versions' }).getByRole('listitem');
    await rows.first().waitFor();
    const texts = await rows.allTextContents();
    assert.equal(texts.length, 2);
    assert.match(texts[0] ?? '', /^Version 2Published ?Reads anew/);
    assert.match(texts[1] ?? '', /^Version 1The first\w/);
  });

  it('show on the canvas, and field by field, what is different', async () => {
    await openBuilder(page, id, 'Report', '?panel=versions');
    await panel()
      .getByRole('button', { name: /^Version 1/ })
      .click();
    await page.getByRole('group', { name: 'read, Set values, Changed' }).waitFor();
    await page.getByRole('group', { name: 'gone, Set values, Removed' }).waitFor();
    await page.getByRole('group', { name: 'fresh, Set values, Added' }).waitFor();
    const changed = panel().getByRole('region', { name: 'read: Changed' });
    assert.match((await changed.textContent()) ?? '', /input\.values\.text−beforeold\+afternew/);
    await panel().getByRole('region', { name: 'read → gone: Removed' }).waitFor();
    await panel().getByRole('region', { name: 'read → fresh: Added' }).waitFor();
    assert.match(page.url(), /panel=versions&version=1&against=draft/);
    assert.equal(await page.getByRole('button', { name: /^Add a step after/ }).count(), 0, 'only looked at');

    await panel().getByLabel('Compared with').selectOption({ label: 'Version 2' });
    await panel().getByText('What has changed from version 1 to version 2.').waitFor();
    await panel().getByLabel('Compared with').selectOption({ label: 'Nothing: only look at it' });
    await page.getByRole('group', { name: 'gone, Set values', exact: true }).click();
    await panel().getByRole('list', { name: 'Fields of gone' }).waitFor();
    assert.equal(await page.getByRole('group', { name: /^fresh/ }).count(), 0);
  });

  it('are restored into the draft, with a way back', async () => {
    await openBuilder(page, id, 'Report', '?panel=versions&version=1&against=draft');
    await panel().getByRole('button', { name: 'Restore as draft' }).click();
    await page.getByText('The draft is version 1 again').waitFor();
    await page.getByRole('group', { name: /^gone/ }).waitFor();
    assert.deepEqual(await stepsOf(), ['read', 'gone']);
    await page.keyboard.press('z');
    await page.getByRole('group', { name: /^fresh/ }).waitFor();
    await untilSaved(page);
    assert.deepEqual(await stepsOf(), ['read', 'fresh']);
  });

  it('warn before they take the place of what was never published', async () => {
    await save(draftOf('Report', [setStep('unpublished')]));
    await openBuilder(page, id, 'Report', '?panel=versions&version=1&against=2');
    await panel().getByRole('button', { name: 'Restore as draft' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restore version 1?' });
    await dialog.getByRole('button', { name: 'Keep the draft' }).click();
    assert.deepEqual(await stepsOf(), ['unpublished']);
    await panel().getByRole('button', { name: 'Restore as draft' }).click();
    await dialog.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByText('The draft is version 1 again').waitFor();
    assert.deepEqual(await stepsOf(), ['read', 'gone']);
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await page.getByRole('group', { name: /^unpublished/ }).waitFor();
  });
});
