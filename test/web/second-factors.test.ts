import assert from 'node:assert/strict';
import { eq, sql } from 'drizzle-orm';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { sessions } from '#db/schema/index.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { givePassword, logIn, type Visit, visit } from './browser.js';

describe('proofs beyond the password in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (401|403|422)/);
    await visitor.close();
  });

  /** Makes the last proof too old for what could take the account over. */
  const age = () =>
    system.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .update(sessions)
        .set({ authenticatedAt: sql`now() - interval '11 minutes'` })
        .where(eq(sessions.orgId, acme.orgId)),
    );

  it('are set up on the way in where the organization asks for them, and are asked for then', async () => {
    const { page } = visitor;
    await system.app.perform(acme.caller, 'organization.update_sign_in_rules', { needsSecondFactor: true });
    const person = await buildMember(system.app, acme, 'member');
    await givePassword(page, person);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    const secret = await secretOn(page);
    await page.getByLabel('Code that the app shows').fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Code that the app shows').fill(new TOTP({ secret }).generate());
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('heading', { name: 'My tasks' }).waitFor();

    const later = await visit(system.address);
    await givePassword(later.page, person);
    await later.page.getByRole('heading', { name: 'One more step' }).waitFor();
    // A code counts once: the next step of time has another.
    const next = new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 });
    await later.page.getByLabel('Code').fill(next);
    await later.page.getByRole('button', { name: 'Continue' }).click();
    await later.page.getByRole('heading', { name: 'My tasks' }).waitFor();
    later.assertQuiet();
    await later.close();
  });

  it('let in by a recovery code once, and can be made anew', async () => {
    const { page } = visitor;
    await logIn(page, acme);
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Set up' }).click();
    const secret = await secretOn(page);
    await page.getByLabel('Code that the app shows').fill(new TOTP({ secret }).generate());
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByRole('button', { name: 'Copy all' }).waitFor();
    const [old = ''] = await page.getByRole('dialog').getByRole('listitem').allInnerTexts();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Make new ones' }).click();
    await page.getByRole('button', { name: 'Copy all' }).waitFor();
    const [code = ''] = await page.getByRole('dialog').getByRole('listitem').allInnerTexts();

    const other = await visit(system.address);
    const give = async (recoveryCode: string) => {
      await givePassword(other.page, acme);
      await other.page.getByRole('button', { name: 'Use a recovery code' }).click();
      await other.page.getByLabel('Recovery code').fill(recoveryCode);
      await other.page.getByRole('button', { name: 'Continue' }).click();
    };
    await give(old);
    await other.page.getByRole('alert').waitFor();
    await give(code);
    await other.page.getByRole('heading', { name: 'My tasks' }).waitFor();
    await other.page.goto('/settings/security');
    await other.page.getByText('9 are left').waitFor();
    other.assertQuiet(/status of (401|403|422)/);
    await other.close();
  });

  it('are asked for anew before what could take the account over, and the work goes on then', async () => {
    const { page } = visitor;
    await logIn(page, acme);
    await age();
    await page.goto('/settings/security');
    await page.getByLabel('New password').fill('another horse battery');
    await page.getByRole('button', { name: 'Change the password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await dialog.getByLabel('Password').fill('not the password');
    await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password').fill(acme.password);
    await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('Your password was changed').waitFor();
    assert.equal(await dialog.count(), 0);
    const other = await visit(system.address);
    await logIn(other.page, { ...acme, password: 'another horse battery' });
    await other.close();
  });

  it('that were not given keep the work from being done', async () => {
    const { page } = visitor;
    await logIn(page, acme);
    await age();
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Not set up').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
  });
});

async function secretOn(page: Page): Promise<string> {
  return (await page.locator('form code').textContent()) ?? '';
}
