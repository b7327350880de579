import type { Page } from 'playwright-core';
import { z } from 'zod';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import { draftOf, makeAutomation } from './builder-visit.js';

const List = z.object({ items: z.array(z.looseObject({ name: z.string() })), nextCursor: z.unknown() });
/** More than the list reads at once. */
const count = 120;

describe('the list of automations', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  let page: Page;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    ({ page } = visitor);
    await logIn(page, acme);
    for (let number = 1; number <= count; number += 1)
      await makeAutomation(system.app, acme.caller, draftOf(`Many ${number}`, []));
    await makeAutomation(system.app, acme.caller, draftOf('Other', []));
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  /** How many there are, up to 200. */
  const left = async (deleted: boolean) =>
    List.parse(await system.app.perform(acme.caller, 'automations.list', { deleted, limit: 200 })).items
      .length;
  const until = (what: string, holds: () => Promise<boolean>) =>
    eventually(what, async () => ((await holds()) ? true : undefined));

  it('chooses all that match, on pages that were not read too, and changes them at once', async () => {
    await page.goto('/automations?q=many');
    const bar = page.getByRole('toolbar', { name: 'With those that are chosen' });
    await page.getByRole('checkbox', { name: 'Choose Many 120' }).check();
    await bar.getByText('1 chosen').waitFor();
    await bar.getByRole('button', { name: 'Choose all that match' }).click();
    await bar.getByText(`${count} chosen`).waitFor();
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`${count} automations are deleted`).waitFor();
    await until('only the other one is left', async () => (await left(false)) === 1);
  }).timeout(90_000);

  it('shows what was deleted, and brings it back one by one or all at once', async () => {
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Deleted', exact: true }).click();
    await page.waitForURL(/deleted=true/);
    await page.getByRole('searchbox', { name: 'Search automations' }).fill('Many 120');
    await page.getByRole('button', { name: 'Restore Many 120' }).click();
    await page.getByText('“Many 120” is back').waitFor();
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search automations' }).fill('');
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Choose all that match' }).click();
    await page.getByText(`${count - 1} chosen`).waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('heading', { name: 'Nothing was deleted' }).waitFor();
    await until('all are back', async () => (await left(false)) === count + 1);
  }).timeout(90_000);
});
