import assert from 'node:assert/strict';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { roleWithKey } from '../builders/build-role.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('a session in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
  });
  beforeEach(async () => {
    visitor = await visit(system.address);
    await logIn(visitor.page, acme);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of 401|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/);
    await visitor.close();
  });

  it('leaves no token where a script could find it after the page is gone', async () => {
    const kept = await visitor.page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    assert.doesNotMatch(kept, /eyJ|wss_|token/i);
  });

  it('goes on in two tabs that are opened at once, and ends in both', async () => {
    const { page } = visitor;
    const other = await page.context().newPage();
    await Promise.all([page.goto('/projects'), other.goto('/tasks')]);
    await Promise.all([
      page.getByRole('heading', { name: 'No projects yet' }).waitFor(),
      other.getByRole('heading', { name: 'No tasks yet' }).waitFor(),
    ]);
    await page.getByRole('button', { name: 'Acme' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    for (const tab of [page, other]) await tab.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  it('asks once for a new access token, for all calls that need one', async () => {
    const { page } = visitor;
    let refreshes = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/session/refresh')) refreshes += 1;
    });
    // The first call of each kind is told that its token is over.
    const refused = new Set<string>();
    await page.route('**/v1/{tasks,members}?**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (refused.has(pathname)) return route.continue();
      refused.add(pathname);
      const body = JSON.stringify({ code: 'unauthenticated', detail: 'over', status: 401 });
      await route.fulfill({ status: 401, contentType: 'application/problem+json', body });
    });
    await page.getByRole('link', { name: 'All tasks' }).click();
    await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
    assert.ok(refused.size > 0);
    assert.equal(refreshes, 1);
  });

  it('is exchanged for one in another organization', async () => {
    const { page } = visitor;
    const other = await buildOrganization(system.app, { name: 'Northwind' });
    const { id: roleId } = await roleWithKey(system.app, other.caller, 'guest');
    await system.app.perform(other.caller, 'invites.send', { email: acme.email, roleId });
    const { text } = await system.mailbox.receivedAbout(acme.email, /Northwind/);
    const [link = ''] = /\/invites\/[\w-]+/.exec(text ?? '') ?? [];
    await page.goto(link);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'You have joined Northwind' }).waitFor();
    await page.goto('/projects');
    await page.getByRole('button', { name: 'Acme' }).click();
    await page.getByRole('menuitemradio', { name: 'Northwind' }).click();
    await page.getByRole('button', { name: 'Northwind' }).waitFor();
    await page.goto('/settings/profile');
    await page.getByRole('link', { name: 'Security' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Members' }).count(), 0);
  });

  it('says when the connection is gone, and that it is back', async () => {
    const { page } = visitor;
    await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.context().setOffline(false);
    await page.getByText('You are offline').waitFor({ state: 'detached' });
  });
});
