import assert from 'node:assert/strict';
import type { CDPSession, Page } from 'playwright-core';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { openSignInSystem, type SignInSystem } from '../sign-in/sign-in-system.js';
import { givePassword, logIn, type Visit, visit } from './browser.js';

describe('a passkey in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  let authenticator: CDPSession;
  before(async () => {
    // Browsers make passkeys for names only, not for numbers.
    system = await openSignInSystem({}, 'localhost');
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    authenticator = await plugIn(visitor.page);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (401|403)/);
    await visitor.close();
  });

  async function makePasskey() {
    const { page } = visitor;
    await logIn(page, acme);
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Copy all' }).waitFor();
    const recoveryCodes = await page.getByRole('dialog').getByRole('listitem').allInnerTexts();
    await page.keyboard.press('Escape');
    await page.getByText('Passkey of').waitFor();
    return recoveryCodes;
  }

  async function leave() {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Acme' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  }

  it('is made in the settings, and lets its person in without a password', async () => {
    const { page } = visitor;
    const recoveryCodes = await makePasskey();
    assert.ok(recoveryCodes.length >= 8);
    await leave();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'My tasks' }).waitFor();
  });

  it('is asked for after the password where the organization wants a second factor', async () => {
    const { page } = visitor;
    const rules = { needsSecondFactor: true };
    await makePasskey();
    await leave();
    await system.app.perform(acme.caller, 'organization.update_sign_in_rules', rules);
    await givePassword(page, acme);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'My tasks' }).waitFor();
  });

  it('that is not there says so, and leaves the other ways', async () => {
    const { page } = visitor;
    await page.goto('/log-in');
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
    await authenticator.send('WebAuthn.disable');
    await page.evaluate(
      "navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'))",
    );
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').getByText('No passkey was used').waitFor();
    await logIn(page, acme);
  });

  it('can be removed, and lets in no more', async () => {
    const { page } = visitor;
    await makePasskey();
    await page.getByRole('button', { name: 'Remove' }).last().click();
    await page.getByText('None yet').waitFor();
    await leave();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').waitFor();
    assert.match(page.url(), /log-in/);
  });
});

/** Gives the browser an authenticator that knows its person without being touched. */
async function plugIn(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return session;
}
