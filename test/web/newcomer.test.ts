import assert from 'node:assert/strict';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { type Visit, visit } from './browser.js';

describe('a newcomer in the web app', () => {
  let system: SignInSystem;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    visitor = await visit(system.address);
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  const column = (name: string) => visitor.page.getByRole('region', { name, exact: true });
  const titlesIn = (name: string) => column(name).getByRole('article').allInnerTexts();

  it('signs up on the way from the front page', async () => {
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Organization').fill('Acme');
    await page.getByLabel('Your name').fill('Nora New');
    await page.getByLabel('Email').fill(`nora-${crypto.randomUUID()}@example.com`);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { name: 'My tasks' }).waitFor();
    assert.match(page.url(), /\/my-tasks$/);
  });

  it('makes a project by the keyboard', async () => {
    const { page } = visitor;
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByText('No projects yet').waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('new project');
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('Moving');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Moving' }).waitFor();
  });

  it('makes tasks in it', async () => {
    const { page } = visitor;
    for (const title of ['Find a van', 'Pack the books', 'Water the plants']) {
      await page.keyboard.press('c');
      await page.getByLabel('Title', { exact: true }).fill(title);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('listitem', { name: title }).waitFor();
    }
  });

  it('changes a title and a status in the list', async () => {
    const { page } = visitor;
    const row = page.getByRole('listitem', { name: 'Find a van' });
    await row.focus();
    await page.keyboard.press('F2');
    await page.getByLabel('Title', { exact: true }).fill('Rent a van');
    await page.keyboard.press('Enter');
    const renamed = page.getByRole('listitem', { name: 'Rent a van' });
    await renamed.focus();
    await page.keyboard.press('s');
    await page.keyboard.type('review');
    await page.keyboard.press('Enter');
    await renamed.getByRole('button', { name: 'Status: In review' }).waitFor();
  });

  it('moves a task on the board by mouse, and another by keyboard', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Board' }).click();
    const books = column('To do').getByRole('article', { name: 'Pack the books' });
    const target = await column('In progress').boundingBox();
    const start = await books.boundingBox();
    assert.ok(start && target);
    await page.mouse.move(start.x + 40, start.y + 15);
    await page.mouse.down();
    await page.mouse.move(start.x + 60, start.y + 20, { steps: 4 });
    await page.mouse.move(target.x + 100, target.y + 80, { steps: 8 });
    const dropped = page.waitForResponse((response) => response.url().endsWith('/move'));
    await page.mouse.up();
    await dropped;
    await column('In progress').getByRole('article', { name: 'Pack the books' }).waitFor();

    await column('To do').getByRole('article', { name: 'Water the plants' }).focus();
    const press = async (keys: string) => {
      const saved = page.waitForResponse((response) => response.url().endsWith('/move'));
      await page.keyboard.press(keys);
      await saved;
    };
    await press('Shift+ArrowRight');
    await column('In progress').locator('article:focus', { hasText: 'Water the plants' }).waitFor();
    await press('Shift+ArrowRight');
    await column('In review').locator('article:focus', { hasText: 'Water the plants' }).waitFor();
    await press('Shift+ArrowUp');
    await column('In review').locator('li:first-child article:focus').waitFor();
  });

  it('finds everything as it was after a reload, and is signed in still', async () => {
    const { page } = visitor;
    await page.reload();
    await column('In progress').getByRole('article', { name: 'Pack the books' }).waitFor();
    assert.deepEqual(
      (await titlesIn('In review')).map((text) => text.split('\n')[0]),
      ['Water the plants', 'Rent a van'],
    );
  });

  it('sees what somebody else does without a reload', async () => {
    const { page } = visitor;
    const other = await page.context().newPage();
    await other.goto(page.url().replace('?view=board', ''));
    const row = other.getByRole('listitem', { name: 'Pack the books' });
    await row.focus();
    await other.keyboard.press('s');
    await other.keyboard.type('done');
    await other.keyboard.press('Enter');
    await column('Done').getByRole('article', { name: 'Pack the books' }).waitFor();
    await other.close();
  });

  it('deletes a task, and takes that back', async () => {
    const { page } = visitor;
    await page.getByRole('article', { name: 'Rent a van' }).click();
    await page.getByRole('button', { name: 'Delete the task' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('listitem', { name: 'Rent a van' }).waitFor();
  });

  it('signs out, and is asked to log in on the way back', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Acme' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.goto('/projects');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    assert.match(page.url(), /next=/);
  });
});
