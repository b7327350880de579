import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildMemberWith } from '../builders/build-role.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('settings of the organization in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    await logIn(visitor.page, acme);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (401|403|404|409|422)/);
    await visitor.close();
  });

  it('change its name, say what is wrong with a zone, and keep days off', async () => {
    const { page } = visitor;
    await page.goto('/settings/organization');
    await page.getByLabel('Name', { exact: true }).fill('Northwind');
    await page.getByLabel('Time zone').fill('Europe/Nowhere');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Must be the name of a time zone').waitFor();
    await page.getByLabel('Time zone').fill('Europe/Vienna');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('In local time of Europe/Vienna').waitFor();
    await page.getByRole('button', { name: 'Add hours on friday' }).click();
    await page.getByRole('button', { name: 'Save the hours' }).click();
    await page.getByText('Saved').first().waitFor();
    await page.getByLabel('Add a day off').fill('2031-12-24');
    await page.getByText('Dec 24, 2031').waitFor();
    await page.reload();
    assert.equal(await page.getByRole('textbox', { name: 'friday from' }).inputValue(), '09:00');
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Northwind');
  });

  it('show a logo that was chosen, and take it away', async () => {
    const { page } = visitor;
    await page.goto('/settings/organization');
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const file = { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('img', { name: 'Logo of the organization' }).waitFor();
    await page.getByRole('region', { name: 'Logo' }).getByRole('button', { name: 'Remove' }).click();
    await page.getByLabel('No logo yet').waitFor();
  });

  it('delete it by its name, and bring it back', async () => {
    const { page } = visitor;
    await page.goto('/settings/organization');
    const address = await page.getByLabel('Address').inputValue();
    await page.getByRole('button', { name: 'Delete …' }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Delete it' });
    await dialog.getByLabel('Address of the organization').fill('another');
    assert.equal(await remove.isDisabled(), true);
    await dialog.getByLabel('Address of the organization').fill(address);
    await remove.click();
    await page.getByRole('heading', { name: 'This organization is deleted' }).waitFor();
    await page.getByRole('button', { name: 'Restore it' }).click();
    await page.getByRole('button', { name: 'Delete …' }).waitFor();
  });

  it('hand it to somebody else', async () => {
    const { page } = visitor;
    const { email } = await buildMember(system.app, acme, 'admin');
    await page.goto('/settings/organization');
    await page.getByRole('button', { name: 'Transfer …' }).click();
    await page.getByLabel('New owner').selectOption({ label: `A admin (${email})` });
    await page.getByRole('button', { name: 'Transfer', exact: true }).click();
    await page.getByText('The organization has another owner').waitFor();
    await page.goto('/settings/profile');
    await page.getByText('Admin', { exact: true }).waitFor();
  });

  it('make a code by which a newcomer joins, and take an invite back', async () => {
    const { page } = visitor;
    await page.goto('/settings/invites');
    await page.getByRole('button', { name: 'Make a code' }).first().click();
    await page.getByLabel('How many people').fill('2');
    await page.getByRole('button', { name: 'Make the code' }).click();
    const code = (await page.getByRole('dialog').locator('code').first().textContent()) ?? '';
    await page.keyboard.press('Escape');

    const newcomer = await visit(system.address);
    await newcomer.page.goto('/join');
    await newcomer.page.getByLabel('Code').fill('NOT-A-CODE');
    await newcomer.page.getByRole('button', { name: 'Continue' }).click();
    await newcomer.page.getByRole('alert').waitFor();
    await newcomer.page.getByLabel('Code').fill(code);
    await newcomer.page.getByRole('button', { name: 'Continue' }).click();
    await newcomer.page.getByRole('heading', { name: 'Join Acme' }).waitFor();
    await newcomer.page.getByLabel('Your name').fill('Nora New');
    await newcomer.page.getByLabel('Email').fill(`nora-${randomUUID()}@example.com`);
    await newcomer.page.getByLabel('Choose a password').fill('correct horse battery');
    await newcomer.page.getByRole('button', { name: 'Join' }).click();
    await newcomer.page.getByRole('heading', { name: 'My tasks' }).waitFor();
    newcomer.assertQuiet(/status of 404/);
    await newcomer.close();

    await page.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Take it back' }).click();
    await page.getByRole('row').getByText('Revoked').waitFor();
  });

  it('let who is signed in join another organization by its code', async () => {
    const { page } = visitor;
    const other = await buildOrganization(system.app, { name: 'Northwind' });
    const roles = await system.app.perform(other.caller, 'roles.list', { limit: 100 });
    const { items } = roles as { items: { id: string; key: string }[] };
    const roleId = items.find(({ key }) => key === 'guest')?.id;
    const { code } = (await system.app.perform(other.caller, 'invites.create_code', { roleId })) as {
      code: string;
    };
    await page.goto('/settings/join');
    await page.getByRole('textbox', { name: 'Code' }).fill(code);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('You are a member of Northwind').waitFor();
  });

  it('make a role of permissions in groups, and withhold from others what their editor lacks', async () => {
    const { page } = visitor;
    await page.goto('/settings/roles');
    await page.getByRole('link', { name: 'New role' }).click();
    await page.getByLabel('Name').fill('Night shift');
    await page.getByLabel('Search permissions').fill('tasks');
    await page.getByRole('button', { name: 'All of Tasks' }).click();
    await page.getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('heading', { name: 'Night shift' }).waitFor();
    await page.getByRole('checkbox', { name: 'tasks:create' }).and(page.locator(':checked')).waitFor();
    const role = page.url();

    const editor = await buildMemberWith(system.app, acme, [
      'identity:read',
      'roles:read',
      'roles:update',
      'permissions:read',
      'projects:read',
    ]);
    const other = await visit(system.address);
    await logIn(other.page, editor);
    await other.page.goto(new URL(role).pathname);
    const lacking = other.page.getByRole('checkbox', { name: 'audit:export' });
    await lacking.waitFor();
    assert.equal(await lacking.isDisabled(), true);
    await other.page.getByText('You do not hold it yourself').first().waitFor();
    assert.equal(await other.page.getByRole('checkbox', { name: 'projects:read' }).isDisabled(), false);
    await other.close();
  });

  it('explain gate by gate why somebody may not, asked from the screen that refuses', async () => {
    const { page } = visitor;
    const guest = await buildMember(system.app, acme, 'guest');
    const other = await visit(system.address);
    await other.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await logIn(other.page, guest);
    await other.page.goto('/settings/audit');
    await other.page.getByRole('button', { name: 'Copy a link to ask for it' }).click();
    const link = await other.page.evaluate<string>('navigator.clipboard.readText()');
    await other.close();

    await page.goto(link);
    await page.getByRole('heading', { name: 'Refused' }).waitFor();
    await page.getByText('The first gate that refuses: Role').waitFor();
    await page.getByLabel('What').fill('tasks.list');
    await page.getByLabel('What').press('Enter');
    await page.getByRole('heading', { name: 'Allowed' }).waitFor();
    assert.match(page.url(), /action=tasks\.list/);
  });

  it('switch a module off and on at once', async () => {
    const { page } = visitor;
    await page.goto('/settings/modules');
    const module = page.getByRole('switch', { name: 'Projects and tasks' });
    await module.click();
    await page.locator('[role=switch][aria-checked=false]').waitFor();
    await page.getByRole('button', { name: 'New task' }).waitFor({ state: 'detached' });
    await module.click();
    await page.getByRole('button', { name: 'New task' }).waitFor();
  });

  it('write an export that can be downloaded', async () => {
    const { page } = visitor;
    await page.goto('/settings/exports');
    await page.getByRole('button', { name: 'Export everything' }).click();
    const button = page.getByRole('button', { name: 'Download' });
    await button.waitFor({ timeout: 30_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    assert.ok(download.suggestedFilename().length > 0);
  });

  it('ask before something is kept for a shorter time', async () => {
    const { page } = visitor;
    await page.goto('/settings/retention');
    await page.getByLabel('Deliveries: days').fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Shorten it' }).click();
    await page.getByRole('button', { name: 'Default' }).waitFor();
  });

  it('let support in for a reason, and end it', async () => {
    const { page } = visitor;
    await page.goto('/settings/support-access');
    await page.getByRole('button', { name: 'Let support in' }).first().click();
    await page.getByLabel('What for').fill('A run that hangs');
    await page.getByRole('button', { name: 'Let them in' }).click();
    await page.getByText('A run that hangs').waitFor();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('Ended', { exact: true }).waitFor();
  });

  it('show a token for provisioning once, and revoke it', async () => {
    const { page } = visitor;
    await page.goto('/settings/provisioning');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('Directory');
    await page.getByRole('button', { name: 'Create token' }).click();
    const token = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
    const ask = () =>
      fetch(`${system.address}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await ask()).status, 200);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByText('Revoked', { exact: true }).waitFor();
    assert.equal((await ask()).status, 401);
  });
});
