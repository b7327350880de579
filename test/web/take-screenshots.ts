import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { closeAll } from '../closing.js';
import { signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, visit } from './browser.js';
import { buildShowcase } from './build-showcase.js';
import { publicScreens, signedInScreens } from './main-screens.js';

const folder = join(projectRoot, 'docs', 'screenshots');
const viewports = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } };

/** Makes a picture of each main screen into docs/screenshots: wide and narrow, light and dark. */
async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { app, address } = await signInSystem();
  const showcase = await buildShowcase(app);
  for (const [width, viewport] of Object.entries(viewports)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await visit(address, { viewport, colorScheme });
      const picture = async (name: string) => {
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      };
      for (const { name, path, ready } of publicScreens) {
        await page.goto(path);
        await ready(page);
        await picture(name);
      }
      await logIn(page, showcase);
      for (const { name, path, ready } of signedInScreens(showcase)) {
        await page.goto(path);
        await ready(page);
        await picture(name);
      }
      await page.goto('/tasks');
      await page.getByText('Write the release notes').waitFor();
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox').waitFor();
      await picture('command-palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('c');
      await page.getByLabel('Title', { exact: true }).waitFor();
      await picture('new-task');
      await close();
    }
  }
}

await main().finally(closeAll);
process.exit();
