import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { TOTP } from 'otpauth';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('settings in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    await logIn(visitor.page, acme);
  });
  afterEach(() => visitor.assertQuiet(/status of (403|409|422)/));
  after(() => visitor.close());

  it('make an API key, show it once, and revoke it', async () => {
    const { page } = visitor;
    await page.goto('/settings/api-keys');
    await page.getByRole('button', { name: 'New key' }).first().click();
    await page.getByLabel('Name').fill('Nightly export');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = (await page.locator('[role=dialog] code').textContent()) ?? '';
    const answer = await fetch(`${system.address}/v1/me`, { headers: { 'x-api-key': key } });
    assert.equal(answer.status, 403, 'the key is known, and may do no more than its scopes say');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Actions for Nightly export' }).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page.getByRole('cell', { name: 'Revoked' }).waitFor();
  });

  it('change the name of the person, which others see at once', async () => {
    const { page } = visitor;
    await page.goto('/settings/profile');
    await page.getByLabel('Name').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[role=alert]').waitFor();
    await page.getByLabel('Name').fill('Olga Owner');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    await page.goto('/settings/members');
    await page.getByRole('row', { name: /Olga Owner/ }).waitFor();
  });

  it('ask the new address before it takes the place of the old one', async () => {
    const { page } = visitor;
    const email = `olga-${randomUUID()}@example.com`;
    await page.goto('/settings/profile');
    await page.getByLabel('New address').fill(email);
    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByText(`Follow the link in the mail to ${email}`).waitFor();
    await system.mailbox.received(email);
    await page.getByText(acme.email, { exact: true }).waitFor();
  });

  it('make a department, and rename it', async () => {
    const { page } = visitor;
    await page.goto('/settings/departments');
    await page.getByRole('button', { name: 'New department' }).first().click();
    await page.getByLabel('Name').fill('Support');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row', { name: 'Support' });
    await row.waitFor();
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').fill('Customer care');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'Customer care' }).waitFor();
  });

  it('deactivate a member, and let them act again', async () => {
    const { page } = visitor;
    await buildMember(system.app, acme, 'member');
    await page.goto('/settings/members');
    const menu = page.getByRole('button', { name: 'Actions for A member' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await page.getByRole('row', { name: 'A member' }).getByText('Deactivated').waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Reactivate' }).click();
    await page.getByRole('row', { name: 'A member' }).getByText('Active').waitFor();
  });

  it('set up an authenticator app, which the next log-in asks for', async () => {
    const { page } = visitor;
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Set up' }).click();
    const secret = (await page.locator('[role=dialog] code').textContent()) ?? '';
    await page.getByLabel('Code that the app shows').fill(new TOTP({ secret }).generate());
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByRole('button', { name: 'Copy all' }).waitFor();
    const [recoveryCode = ''] = await page.getByRole('dialog').getByRole('listitem').allInnerTexts();
    const other = await visit(system.address);
    await other.page.goto('/log-in');
    await other.page.getByLabel('Email').fill(acme.email);
    await other.page.getByRole('button', { name: 'Continue' }).click();
    await other.page.getByLabel('Password').fill(acme.password);
    await other.page.getByRole('button', { name: 'Log in' }).click();
    await other.page.getByRole('heading', { name: 'One more step' }).waitFor();
    await other.page.getByRole('button', { name: 'Use a recovery code' }).click();
    await other.page.getByLabel('Recovery code').fill(recoveryCode);
    await other.page.getByRole('button', { name: 'Continue' }).click();
    await other.page.getByRole('heading', { name: 'My tasks' }).waitFor();
    other.assertQuiet();
    await other.close();
  });
});
