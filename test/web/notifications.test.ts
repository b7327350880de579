import assert from 'node:assert/strict';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { eventually } from '../eventually.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('notifications in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let ada: Awaited<ReturnType<typeof buildMember>>;
  let projectId: string;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    ada = await buildMember(system.app, acme, 'guest');
    ({ id: projectId } = await buildProject(system.app, acme.caller));
    await system.app.perform(acme.caller, 'projects.add_member', { id: projectId, userId: ada.userId });
    visitor = await visit(system.address);
    await logIn(visitor.page, ada);
  });
  afterEach(async () => {
    visitor.assertQuiet();
    await visitor.close();
  });

  const assign = (title: string) =>
    buildTask(system.app, acme.caller, { projectId, title, assigneeId: ada.userId });

  it('come by themselves, also to who may not follow events, and lead to what they tell of', async () => {
    const { page } = visitor;
    const bell = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Notifications' });
    await bell.waitFor();
    await assign('Water the plants');
    await page.getByRole('link', { name: /Notifications.*not read: 1$/ }).click();
    await page
      .getByRole('button', { name: /Assigned to you: Water the plants/ })
      .first()
      .waitFor();
    await assign('Feed the cat');
    await page
      .getByRole('button', { name: /Feed the cat/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Mark as read: Assigned to you: Water the plants' }).click();
    await page.getByRole('link', { name: /Notifications.*not read: 1$/ }).waitFor();
    await page
      .getByRole('button', { name: /Assigned to you: Feed the cat/ })
      .first()
      .press('Enter');
    await page.waitForURL(/\/tasks\//);
    await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
  });

  it('are marked all at once, in every tab', async () => {
    const { page } = visitor;
    await assign('Water the plants');
    await page.goto('/notifications');
    await page.getByRole('button', { name: 'Mark all as read' }).waitFor();
    const other = await page.context().newPage();
    await other.goto('/my-tasks');
    await other.getByRole('link', { name: /Notifications.*not read: 1$/ }).waitFor();
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await other.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Unread', exact: true }).click();
    await page.getByRole('heading', { name: 'All read' }).waitFor();
    assert.match(page.url(), /view=unread/);
  });

  it('are not written where somebody has switched them off', async () => {
    const { page } = visitor;
    await page.goto('/settings/notifications');
    await page.getByRole('switch', { name: 'A task is assigned to me: in the app' }).click();
    await page.getByRole('switch', { name: 'A task is assigned to me: by mail' }).click();
    await eventually('both are kept', async () => {
      const { items } = (await system.app.perform(ada.caller, 'notifications.list_preferences', {})) as {
        items: { kind: string; app: boolean; mail: boolean }[];
      };
      const ways = items.find(({ kind }) => kind === 'task_assigned');
      return ways && !ways.app && ways.mail ? true : undefined;
    });
    await assign('Water the plants');
    await system.mailbox.receivedAbout(ada.email, /Water the plants/);
    await page.goto('/notifications');
    await page.getByRole('heading', { name: 'Nothing yet' }).waitFor();
  });
});
