import assert from 'node:assert/strict';
import { tasks } from '#db/schema/index.js';
import { rankAtEnd } from '#domains/work/rank.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('tasks in the web app', () => {
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
    visitor.assertQuiet();
    await visitor.close();
  });

  const saved = (path: string) => visitor.page.waitForResponse((response) => response.url().includes(path));

  it('are narrowed and ordered, and that is kept as a view, shown again, changed and deleted with a way back', async () => {
    const { page } = visitor;
    const { id: projectId } = await buildProject(system.app, acme.caller);
    await buildTask(system.app, acme.caller, { projectId, title: 'Urgent thing', priority: 'urgent' });
    await buildTask(system.app, acme.caller, { projectId, title: 'Small thing', priority: 'low' });
    await page.goto(`/projects/${projectId}?priority=urgent&group=priority`);
    await page.getByRole('listitem', { name: 'Urgent thing' }).waitFor();
    assert.equal(await page.getByRole('listitem', { name: 'Small thing' }).count(), 0);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: /Save as a new view/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('What burns');
    await page.getByLabel(/Share it/).check();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'What burns' }).waitFor();

    await page.goto(`/projects/${projectId}`);
    await page.getByRole('listitem', { name: 'Small thing' }).waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'What burns' }).click();
    await page.getByRole('listitem', { name: 'Small thing' }).waitFor({ state: 'detached' });
    assert.match(page.url(), /priority=urgent/);
    assert.match(page.url(), /group=priority/);

    await page.getByRole('button', { name: 'Display' }).click();
    await page.getByLabel('Order').selectOption('title');
    await page.keyboard.press('Escape');
    const view = page.getByRole('button', { name: /What burns.*changed/ });
    await view.click();
    const kept = saved('/v1/task-views/');
    await page.getByRole('menuitem', { name: 'Keep the changes' }).click();
    await kept;
    await view.waitFor({ state: 'detached' });

    const other = await buildMember(system.app, acme, 'member');
    const visitOfOther = await visit(system.address);
    await logIn(visitOfOther.page, other);
    await visitOfOther.page.goto(`/projects/${projectId}`);
    await visitOfOther.page.getByRole('button', { name: 'Views' }).click();
    await visitOfOther.page.getByRole('menuitem', { name: 'What burns' }).click();
    await visitOfOther.page.waitForURL(/sort=title/);
    await visitOfOther.close();

    await page.getByRole('button', { name: 'What burns' }).click();
    await page.getByRole('menuitem', { name: 'Delete the view' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    // The notice gives the focus back when it goes, which would close the menu.
    await page.getByText('The view was deleted').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'What burns' }).waitFor();
  });

  it('get another day in the calendar by dragging, and by keys', async () => {
    const { page } = visitor;
    const { id: projectId } = await buildProject(system.app, acme.caller);
    await buildTask(system.app, acme.caller, { projectId, title: 'Pay the rent', dueDate: '2026-04-15' });
    await buildTask(system.app, acme.caller, { projectId, title: 'Some day' });
    await page.goto(`/projects/${projectId}?view=calendar&day=2026-04-10`);
    const day = (name: RegExp) => page.getByRole('region', { name });
    const rent = (name: RegExp) => day(name).getByRole('article', { name: /Pay the rent/ });
    const start = await rent(/April 15/).boundingBox();
    const target = await day(/April 22/).boundingBox();
    assert.ok(start && target);
    await page.mouse.move(start.x + 30, start.y + 10);
    await page.mouse.down();
    await page.mouse.move(start.x + 50, start.y + 20, { steps: 4 });
    await page.mouse.move(target.x + 40, target.y + 60, { steps: 8 });
    const dropped = saved('/v1/tasks/');
    await page.mouse.up();
    await dropped;
    await rent(/April 22/).focus();
    const press = async (keys: string) => {
      const stored = saved('/v1/tasks/');
      await page.keyboard.press(keys);
      await stored;
    };
    await press('Shift+ArrowRight');
    await day(/April 23/)
      .locator('article:focus')
      .waitFor();
    await press('Shift+ArrowDown');
    await day(/April 30/)
      .locator('article:focus')
      .waitFor();
    await press('Delete');
    await day(/Unscheduled/)
      .getByRole('article', { name: /Pay the rent/ })
      .waitFor();
    const unscheduled = day(/Unscheduled/).getByRole('article', { name: /Some day/ });
    await unscheduled.focus();
    await press('Shift+ArrowLeft');
    await day(/April 10/)
      .getByRole('article', { name: /Some day/ })
      .waitFor();
    await page.reload();
    await day(/April 10/)
      .getByRole('article', { name: /Some day/ })
      .waitFor();
    await day(/Unscheduled/)
      .getByRole('article', { name: /Pay the rent/ })
      .waitFor();
  });

  it('fill a column of the board that is read as it is scrolled, and is walked and moved in by keys', async () => {
    const { page } = visitor;
    const { id: projectId } = await buildProject(system.app, acme.caller);
    const count = 450;
    const rows = Array.from({ length: count }, (_, index) => ({
      orgId: acme.orgId,
      projectId,
      title: `Task ${index + 1}`,
      rank: rankAtEnd(null, Date.now() + index),
    }));
    await system.app.services.database.withOrg(acme.orgId, async (transaction) => {
      await transaction.insert(tasks).values(rows);
    });
    await page.goto(`/projects/${projectId}?view=board`);
    const column = (name: string) => page.getByRole('region', { name, exact: true });
    await column('To do').getByRole('article', { name: 'Task 1', exact: true }).waitFor();
    await column('To do').getByRole('heading', { name: '100+' }).waitFor();
    assert.ok(
      (await column('To do').getByRole('article').count()) < 40,
      'only cards in sight are on the page',
    );

    const box = await column('To do').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 60, box.y + 200);
    const last = column('To do').getByRole('article', { name: `Task ${count}`, exact: true });
    while ((await last.count()) === 0) {
      await page.mouse.wheel(0, 4_000);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    await column('To do')
      .getByRole('heading', { name: String(count) })
      .waitFor();
    assert.ok((await column('To do').getByRole('article').count()) < 40);

    await last.focus();
    for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowUp');
    const walked = column('To do').locator('article:focus');
    await walked.and(page.getByRole('article', { name: `Task ${count - 30}`, exact: true })).waitFor();
    const moved = saved('/move');
    await page.keyboard.press('Shift+ArrowRight');
    await moved;
    await column('In progress')
      .locator('article:focus', { hasText: `Task ${count - 30}` })
      .waitFor();
    await page.reload();
    await column('In progress')
      .getByRole('article', { name: `Task ${count - 30}`, exact: true })
      .waitFor();
  }).timeout(60_000);

  it('of a guest’s project come and change before their eyes', async () => {
    const { id: projectId } = await buildProject(system.app, acme.caller, { visibility: 'private' });
    const guest = await buildMember(system.app, acme, 'guest');
    await system.app.perform(acme.caller, 'projects.add_member', { id: projectId, userId: guest.userId });
    const seen = await visit(system.address);
    await logIn(seen.page, guest);
    const streaming = seen.page.waitForResponse((response) => response.url().endsWith('/v1/events'));
    await seen.page.goto(`/projects/${projectId}`);
    assert.equal((await streaming).status(), 200);
    await seen.page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
    await buildTask(system.app, acme.caller, { projectId, title: 'Look at this' });
    await seen.page.getByRole('listitem', { name: 'Look at this' }).waitFor();
    seen.assertQuiet();
    await seen.close();
  });
});
