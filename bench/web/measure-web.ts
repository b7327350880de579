import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { App } from '#app.js';
import { logIn, visit } from '#test/web/browser.js';
import { buildLargeWork, type LargeWork } from './build-large-work.js';
import { type FirstLoad, measureFirstLoad } from './first-load.js';
import { type FrameRate, framesDuring } from './frames.js';
import { inPage } from './in-page.js';
import { type Interactions, interactionsDuring } from './interactions.js';

export interface WebResult {
  plain: FirstLoad;
  /** With a processor that is four times slower. */
  throttled: FirstLoad;
  board: { scroll: FrameRate; back: FrameRate; interactions: Interactions };
  builder: { opensMs: number; pan: FrameRate; interactions: Interactions };
}

/** What the web app costs and how it feels, in Chromium, by real input, with 2,000 tasks and a graph of 300 nodes. */
export async function measureWeb(app: App, address: string): Promise<WebResult> {
  const work = await buildLargeWork(app);
  const { page, close } = await visit(address);
  await logIn(page, work);
  const path = `/projects/${work.projectId}`;
  const load = (throttle: number) =>
    measureFirstLoad(page.context(), {
      path,
      throttle,
      ready: (fresh) => fresh.getByRole('listitem', { name: 'Call back' }).first().waitFor(),
    });
  const board = await measureBoard(page, path);
  const builder = await measureBuilder(page, work);
  await page.close();
  const plain = await load(1);
  const throttled = await load(4);
  await close();
  return { plain, throttled, board, builder };
}

async function measureBoard(page: Page, path: string): Promise<WebResult['board']> {
  await page.goto(`${path}?view=board`);
  const column = page.getByRole('region', { name: 'To do' });
  await column.getByRole('article').first().waitFor();
  const box = await boxOf(column);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  // What is loaded behind the first page is read on the way.
  const scroll = await framesDuring(page, () => wheel(page, 0, 160, 180));
  const back = await framesDuring(page, () => wheel(page, 0, -240, 120));
  await page.mouse.wheel(0, -1_000_000);
  await column.locator('[aria-posinset="1"]').waitFor();
  const interactions = await interactionsDuring(page, () => useBoard(page));
  return { scroll, back, interactions };
}

/** What people do on a board: walk, open a picker, move by key and by dragging, narrow. */
async function useBoard(page: Page): Promise<void> {
  const column = page.getByRole('region', { name: 'To do' });
  const target = page.getByRole('region', { name: 'In progress' });
  await column.getByRole('article').first().focus();
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowDown');
  for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
  for (const key of ['Shift+ArrowDown', 'Shift+ArrowUp']) {
    const saved = page.waitForResponse((response) => response.url().endsWith('/move'));
    await page.keyboard.press(key);
    await saved;
  }
  await page.keyboard.press('p');
  await page.keyboard.type('urg');
  await page.keyboard.press('Enter');
  const from = await boxOf(column.getByRole('article').nth(2));
  const to = await boxOf(target);
  await page.mouse.move(from.x + 60, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 80, from.y + 20, { steps: 5 });
  await page.mouse.move(to.x + 100, to.y + 260, { steps: 20 });
  const moved = page.waitForResponse((response) => response.url().endsWith('/move'));
  await page.mouse.up();
  await moved;
  await page.getByRole('button', { name: 'Priority', exact: true }).first().click();
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').click();
  await page.keyboard.type('ledger');
  await page.waitForURL(/q=ledger/);
}

async function measureBuilder(page: Page, { automationId }: LargeWork): Promise<WebResult['builder']> {
  await page.goto('/automations');
  const row = page.getByText('Large', { exact: true });
  await row.waitFor();
  const opensMs = await timeToShow(page, () => row.click());
  await page.goto(`/automations/${automationId}/edit`);
  await page.locator('.react-flow__node').first().waitFor();
  const box = await boxOf(page.locator('.react-flow__pane'));
  const pan = await framesDuring(page, () => drag(page, box));
  const interactions = await interactionsDuring(page, () => useBuilder(page));
  return { opensMs, pan, interactions };
}

/** From the click that opens it until the canvas has cards on the page, in milliseconds. */
async function timeToShow(page: Page, click: () => Promise<void>): Promise<number> {
  await inPage(page, beginToShow);
  await click();
  return z.number().parse(await inPage(page, 'window.benchOpened'));
}

/** The frame after the one in which they are there shows them. */
const beginToShow = `window.benchOpened = new Promise((resolve) => {
  addEventListener('click', ({ timeStamp }) => {
    const look = () =>
      document.querySelectorAll('.react-flow__node').length < 10
        ? requestAnimationFrame(look)
        : requestAnimationFrame((now) => resolve(now - timeStamp));
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}); 0`;

/** What people do in the builder: look closer, choose steps, type into a field, add one, take that back, move one. */
async function useBuilder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show everything' }).click();
  for (let step = 0; step < 4; step += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
  for (const index of [0, 1, 2]) await clickAt(page, await cardInSight(page, index));
  await page.getByRole('complementary').or(page.getByRole('region')).getByRole('textbox').last().click();
  await page.keyboard.type('changed');
  await clickAt(page, await cardInSight(page, 1));
  await page.keyboard.press('a');
  await page.keyboard.type('wait');
  await page.keyboard.press('Escape');
  const { x, y } = await cardInSight(page, 2);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 40, { steps: 12 });
  await page.mouse.up();
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+Shift+z');
}

/** The middle of a card that nothing covers. */
async function cardInSight(page: Page, index: number): Promise<Pick<Box, 'x' | 'y'>> {
  const Points = z.array(z.object({ x: z.number(), y: z.number() }));
  const points = Points.parse(
    await inPage(
      page,
      `[...document.querySelectorAll('.react-flow__node')].flatMap((node) => {
        const { x, y, width, height } = node.getBoundingClientRect();
        const point = { x: x + width / 2, y: y + height / 2 };
        return node.contains(document.elementFromPoint(point.x, point.y)) ? [point] : [];
      })`,
    ),
  );
  const point = points[index % points.length];
  if (!point) throw new Error('No card is in sight');
  return point;
}

async function clickAt(page: Page, { x, y }: Pick<Box, 'x' | 'y'>): Promise<void> {
  await page.mouse.click(x, y);
}

/** Turns the wheel, as fast as the browser takes it. */
async function wheel(page: Page, x: number, y: number, times: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) await page.mouse.wheel(x, y);
}

async function drag(page: Page, { x, y, width, height }: Box): Promise<void> {
  const [left, middle] = [x + width * 0.3, y + height * 0.5];
  await page.mouse.move(left, middle);
  await page.mouse.down();
  for (let turn = 0; turn < 6; turn += 1) {
    await page.mouse.move(left + width * 0.4, middle - height * 0.3, { steps: 30 });
    await page.mouse.move(left, middle + height * 0.3, { steps: 30 });
  }
  await page.mouse.up();
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('What is to be used is not in sight');
  return box;
}
