import assert from 'node:assert/strict';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import { signInToPlatform } from './sign-in-to-platform.js';

describe('the platform in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app, { name: 'Umbrella' });
    visitor = await visit(system.address);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (401|403|404)/);
    await visitor.close();
  });

  const openTenant = async () => {
    const { page } = visitor;
    await signInToPlatform(system.app, page);
    await page.goto(`/platform/organizations/${acme.orgId}`);
    await page.getByRole('heading', { name: 'Umbrella' }).waitFor();
    return page;
  };

  it('finds an organization, suspends it with a reason that its people read, and resumes it', async () => {
    const { page } = visitor;
    await signInToPlatform(system.app, page);
    await page.getByLabel('Search organizations').fill('Umbrella');
    await page
      .getByRole('row', { name: /Umbrella/ })
      .first()
      .waitFor();
    await page.waitForURL(/q=Umbrella/);
    await page.goto(`/platform/organizations/${acme.orgId}`);
    await page.getByRole('button', { name: 'Suspend …' }).click();
    await page.getByLabel('Reason').fill('Unpaid since March');
    await page.getByRole('button', { name: 'Suspend', exact: true }).click();
    await page.getByText('Unpaid since March').waitFor();

    const member = await visit(system.address);
    await member.page.goto('/log-in');
    await member.page.getByLabel('Email').fill(acme.email);
    await member.page.getByRole('button', { name: 'Continue' }).click();
    await member.page.getByLabel('Password').fill(acme.password);
    await member.page.getByRole('button', { name: 'Log in' }).click();
    await member.page.getByText('Unpaid since March').first().waitFor();
    await member.close();

    await page.getByRole('button', { name: 'Resume it' }).click();
    await page.getByText('It is active').waitFor();
  });

  it('gives an organization another plan, and takes a module from it', async () => {
    const page = await openTenant();
    await page.getByLabel('Plan').selectOption('pro');
    await page.getByText('Saved').first().waitFor();
    await page.getByLabel('work').selectOption('Has it not');
    await page
      .getByRole('region', { name: 'Modules and features' })
      .getByText('off', { exact: true })
      .waitFor();
    const flags = (await system.app.perform(acme.caller, 'flags.list', {})) as {
      plan: string;
      items: { name: string; isOn: boolean }[];
    };
    assert.equal(flags.plan, 'pro');
    assert.equal(flags.items.find(({ name }) => name === 'work')?.isOn, false);
  });

  it('lets a super-user visit whom an organization has let in, and leave', async () => {
    await system.app.perform(acme.caller, 'support_access.grant', { reason: 'A question', hours: 1 });
    const page = await openTenant();
    await page.getByRole('button', { name: 'Enter' }).click();
    const token = (await page.locator('main code').textContent()) ?? '';
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await fetch(`${system.address}/v1/projects`, { headers })).status, 200);
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('button', { name: 'Enter' }).waitFor();
    assert.equal((await fetch(`${system.address}/v1/projects`, { headers })).status, 401);
  });

  it('is not there for owners of organizations', async () => {
    const { page } = visitor;
    await logIn(page, acme);
    assert.equal(await page.getByRole('link', { name: 'Platform' }).count(), 0);
    await page.goto('/platform/organizations');
    await page.getByRole('heading', { name: 'You may not see this' }).first().waitFor();
  });
});
