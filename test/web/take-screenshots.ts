import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { projectRoot } from '#runtime/project-root.js';
import { closeAll } from '../closing.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, visit } from './browser.js';
import { buildShowcase, type Showcase } from './build-showcase.js';
import { type MainScreen, platformScreens, publicScreens, signedInScreens } from './main-screens.js';
import { signInToPlatform } from './sign-in-to-platform.js';

const folder = join(projectRoot, 'docs', 'screenshots');
const viewports = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } };
/** Names of screens, as arguments: only these; all unless given. */
const wanted = new Set(process.argv.slice(2));

/** Makes a picture of each main screen into docs/screenshots: wide and narrow, light and dark. */
async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const system = await signInSystem();
  const showcase = await buildShowcase(system.app);
  for (const [width, viewport] of Object.entries(viewports)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const look = { viewport, colorScheme };
      const ending = `${width}-${colorScheme}.png`;
      await takeOrganization(system, showcase, look, ending);
      await takePlatform(system, showcase, look, ending);
    }
  }
}

async function takeOrganization(
  { address }: SignInSystem,
  showcase: Showcase,
  look: BrowserContextOptions,
  ending: string,
): Promise<void> {
  const { page, close } = await visit(address, look);
  await takeAll(page, publicScreens, ending);
  await logIn(page, showcase);
  await takeAll(page, signedInScreens(showcase), ending);
  if (wanted.size === 0) {
    await page.goto('/tasks');
    await page.getByText('Write the release notes').waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').waitFor();
    await picture(page, 'command-palette', ending);
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByLabel('Title', { exact: true }).waitFor();
    await picture(page, 'new-task', ending);
  }
  await close();
}

async function takePlatform(
  { app, address }: SignInSystem,
  showcase: Showcase,
  look: BrowserContextOptions,
  ending: string,
): Promise<void> {
  const screens = platformScreens(showcase);
  if (!screens.some(isWanted)) return;
  const { page, close } = await visit(address, look);
  await signInToPlatform(app, page);
  await takeAll(page, screens, ending);
  await close();
}

async function takeAll(page: Page, screens: readonly MainScreen[], ending: string): Promise<void> {
  for (const { name, path, ready } of screens.filter(isWanted)) {
    await page.goto(path);
    await ready(page);
    await picture(page, name, ending);
  }
}

function isWanted({ name }: MainScreen): boolean {
  return wanted.size === 0 || wanted.has(name);
}

async function picture(page: Page, name: string, ending: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}-${ending}`) });
}

await main().finally(closeAll);
process.exit();
