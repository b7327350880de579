import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { proveDomain } from '../builders/build-sso-connection.js';
import { type OpenIdProvider, startOpenIdProvider } from '../sign-in/openid-provider.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('single sign-on in the web app', () => {
  let system: SignInSystem;
  let provider: OpenIdProvider;
  let acme: BuiltOrganization;
  let domain: string;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    provider = await startOpenIdProvider(`${system.address}/v1/sign-in/callback`);
    acme = await buildOrganization(system.app);
    domain = `${randomUUID()}.example`;
    await proveDomain(system.app, acme.orgId, domain);
  });
  beforeEach(async () => {
    visitor = await visit(system.address);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (401|403|422)/);
    await visitor.close();
  });

  it('is set up and tested by an administrator, who gets what the provider has to know', async () => {
    const { page } = visitor;
    await logIn(page, acme);
    await page.goto('/settings/sso');
    await page.getByRole('button', { name: 'Connect a provider' }).first().click();
    await page.getByLabel('Name').fill('Company ID');
    await page.getByLabel('Issuer').fill(provider.issuer);
    await page.getByLabel('Client ID').fill(provider.clientId);
    await page.getByLabel('Client secret').fill(provider.clientSecret);
    await page.getByRole('textbox', { name: 'Domains' }).fill(domain);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByLabel('Role by default').and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByLabel('Role by default').selectOption('Member');
    await page.getByRole('button', { name: 'Add a value' }).click();
    await page.getByLabel('Value 1', { exact: true }).fill('leads');
    await page.getByLabel('Role for value 1').selectOption('Manager');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const section = page.getByRole('region', { name: 'Company ID' });
    await section.getByText(`${system.address}/v1/sign-in/callback`).waitFor();
    await section.getByRole('button', { name: 'Test' }).click();
    await section.getByText('The provider answers').waitFor();
    assert.doesNotMatch(await page.content(), new RegExp(provider.clientSecret));
  });

  it('leads through the provider and back to where somebody wanted to go', async () => {
    const { page } = visitor;
    provider.signInAs(randomUUID(), {
      email: `ada@${domain}`,
      email_verified: true,
      name: 'Ada Lovelace',
      groups: ['leads'],
    });
    await page.goto('/projects');
    await page.getByLabel('Email').fill(`ada@${domain}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: 'Continue with Company ID' }).click();
    await page.getByRole('heading', { name: 'Projects' }).first().waitFor();
    assert.equal(new URL(page.url()).pathname, '/projects');
    await page.goto('/settings/profile');
    await page.getByText(`ada@${domain}`, { exact: true }).waitFor();
    assert.equal(await page.getByLabel('Name').inputValue(), 'Ada Lovelace');
    await page.getByText('Manager', { exact: true }).waitFor();
  });

  it('that is the only way in offers no password', async () => {
    const { page } = visitor;
    await logIn(page, acme);
    await page.goto('/settings/sso');
    await page.getByRole('button', { name: 'Actions for Company ID' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByLabel('Close all other ways in').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Only way in').waitFor();
    const other = await visit(system.address);
    await other.page.goto('/log-in');
    await other.page.getByLabel('Email').fill(`ada@${domain}`);
    await other.page.getByRole('button', { name: 'Continue' }).click();
    await other.page.getByRole('link', { name: 'Continue with Company ID' }).waitFor();
    assert.equal(await other.page.getByLabel('Password').count(), 0);
    other.assertQuiet();
    await other.close();
  });
});
