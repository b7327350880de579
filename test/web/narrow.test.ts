import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import { buildShowcase, type Showcase } from './build-showcase.js';
import { type MainScreen, platformScreens, publicScreens, signedInScreens } from './main-screens.js';
import { signInToPlatform } from './sign-in-to-platform.js';

/** CSS pixels of the narrowest screen that the app is for. */
const width = 360;

describe('on a screen of 360 pixels', () => {
  let system: SignInSystem;
  let showcase: Showcase;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    showcase = await buildShowcase(system.app);
  });
  beforeEach(async () => {
    visitor = await visit(system.address, { viewport: { width, height: 740 } });
  });
  afterEach(() => visitor.close());

  it('nothing has to be scrolled sideways before signing in', () => assertFits(visitor.page, publicScreens));

  it('nothing has to be scrolled sideways by those who are signed in', async () => {
    await logIn(visitor.page, showcase);
    await assertFits(visitor.page, signedInScreens(showcase));
  }).timeout(240_000);

  it('nothing has to be scrolled sideways on the platform', async () => {
    await signInToPlatform(system.app, visitor.page);
    await assertFits(visitor.page, platformScreens(showcase));
  });

  it('the menu and its places do', async () => {
    const { page } = visitor;
    await logIn(page, showcase);
    await page.goto('/settings/profile');
    await page.getByRole('button', { name: 'Open the menu' }).click();
    const menu = page.getByRole('dialog');
    await menu.getByRole('link', { name: 'Data exports' }).waitFor();
    assert.deepEqual(await sidewaysIn(page), []);
    await menu.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'What is used' }).waitFor();
    assert.equal(await menu.count(), 0);
  });
});

async function assertFits(page: Page, screens: readonly MainScreen[]): Promise<void> {
  const found: string[] = [];
  for (const { name, path, ready } of screens) {
    await page.goto(path);
    await ready(page);
    found.push(...(await sidewaysIn(page)).map((what) => `${name}: ${what}`));
  }
  assert.deepEqual(found, []);
}

/**
 * What is wider than the screen: the page itself, or a part that scrolls down and so would scroll sideways, too. What is
 * made to be moved sideways, such as a board, scrolls in that direction alone.
 */
function sidewaysIn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const root = document.documentElement;
    const ofPage = root.scrollWidth > innerWidth ? ['the page has ' + root.scrollWidth + ' pixels'] : [];
    const parts = [...document.querySelectorAll('main, main *, [role=dialog], [role=dialog] *')].filter((part) => {
      const { overflowY, overflowX } = getComputedStyle(part);
      const scrollsDown = overflowY === 'auto' || overflowY === 'scroll';
      const isMovable = overflowX === 'auto' && part.scrollHeight <= part.clientHeight + 1;
      return scrollsDown && !isMovable && part.scrollWidth > part.clientWidth + 1;
    });
    return [...ofPage, ...parts.map((part) => part.tagName + '.' + part.className + ' has ' + part.scrollWidth)];
  })()`);
}
