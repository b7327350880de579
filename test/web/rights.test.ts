import assert from 'node:assert/strict';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildTask } from '../builders/build-task.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('the web app shows to each what they may', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
  });
  beforeEach(async () => {
    visitor = await visit(system.address);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (401|404|422)/);
    await visitor.close();
  });

  it('a guest sees neither the menu of members nor the page, and makes nothing', async () => {
    const { page } = visitor;
    await logIn(page, await buildMember(system.app, acme, 'guest'));
    const places = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    await places.first().waitFor();
    assert.deepEqual(await places.allInnerTexts(), ['Notifications', 'My tasks', 'All tasks', 'Projects']);
    await page.getByRole('link', { name: 'Settings' }).click();
    const settings = page.getByRole('navigation', { name: 'Settings' }).getByRole('link');
    await settings.first().waitFor();
    assert.deepEqual(await settings.allInnerTexts(), [
      'Back to the app',
      'Profile',
      'Security',
      'Notifications',
      'Personal data',
      'Join an organization',
    ]);
    assert.equal(await page.getByRole('button', { name: 'New task' }).count(), 0);
    await page.goto('/settings/members');
    await page.getByRole('heading', { name: 'You may not see this' }).first().waitFor();
    await page.goto('/projects');
    await page.getByText('No projects yet').waitFor();
    assert.equal(await page.getByRole('button', { name: 'New project' }).count(), 0);
  });

  it('a module that is off is gone from the menu, and its pages are not found', async () => {
    const { page } = visitor;
    const other = await buildOrganization(system.app);
    await system.app.perform(other.caller, 'flags.set', { name: 'work', isOn: false });
    await logIn(page, other);
    await page.getByRole('link', { name: 'Settings' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Projects' }).count(), 0);
    await page.goto('/projects');
    await page.getByRole('heading', { name: 'Nothing is here' }).first().waitFor();
  });

  it('shows errors of the API at their fields', async () => {
    const { page } = visitor;
    await page.goto('/sign-up');
    await page.getByLabel('Organization').fill('Acme');
    await page.getByLabel('Your name').fill('Nora');
    await page.getByLabel('Email').fill('nora@example.com');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Begin' }).click();
    const password = page.getByLabel('Password');
    await page.locator('[role=alert]').first().waitFor();
    assert.equal(await password.getAttribute('aria-invalid'), 'true');
    assert.equal(await password.evaluate((element) => element.matches(':focus')), true);
  });

  it('tells a wrong password from nothing else, and keeps what was typed', async () => {
    const { page } = visitor;
    await page.goto('/log-in');
    await page.getByLabel('Email').fill(acme.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByLabel('Email').inputValue(), acme.email);
  });

  it('leads back after logging in to where somebody wanted to go', async () => {
    const { page } = visitor;
    const { id, title } = await buildTask(system.app, acme.caller, { title: 'Read me' });
    await page.goto(`/tasks/${id}`);
    await page.getByLabel('Email').fill(acme.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Password').fill(acme.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: title }).waitFor();
    assert.ok(page.url().endsWith(`/tasks/${id}`));
  });
});
