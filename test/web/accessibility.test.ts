import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import { buildShowcase, type Showcase } from './build-showcase.js';
import { type MainScreen, platformScreens, publicScreens, signedInScreens } from './main-screens.js';
import { signInToPlatform } from './sign-in-to-platform.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const Findings = z.array(
  z.object({
    id: z.string(),
    impact: z.string().nullish(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
);

describe('every screen of the web app is accessible', () => {
  let system: SignInSystem;
  let showcase: Showcase;
  before(async () => {
    system = await signInSystem();
    showcase = await buildShowcase(system.app);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    describe(`in the ${colorScheme} theme`, () => {
      let visitor: Visit;
      before(async () => {
        visitor = await visit(system.address, { colorScheme });
      });
      afterEach(() => visitor.assertQuiet(/status of 404/));
      after(() => visitor.close());

      for (const screen of publicScreens) {
        it(`${screen.name}`, () => look(visitor, screen));
      }
      it('all of those who are signed in', async () => {
        await logIn(visitor.page, showcase);
        const findings: string[] = [];
        for (const screen of signedInScreens(showcase)) {
          await look(visitor, screen).catch((error: Error) =>
            findings.push(`${screen.name}: ${error.message}`),
          );
        }
        assert.deepEqual(findings, []);
      }).timeout(240_000);
      it('all of those who run the platform', async () => {
        const platform = await visit(system.address, { colorScheme });
        await signInToPlatform(system.app, platform.page);
        for (const screen of platformScreens(showcase)) await look(platform, screen);
        platform.assertQuiet();
        await platform.close();
      }).timeout(60_000);
      it('the command palette, a form and a menu', async () => {
        const { page } = visitor;
        await page.keyboard.press('ControlOrMeta+k');
        await page.getByRole('combobox').waitFor();
        await assertAccessible(visitor);
        await page.keyboard.press('Escape');
        await page.keyboard.press('c');
        await page.getByLabel('Title', { exact: true }).waitFor();
        await assertAccessible(visitor);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Northwind' }).click();
        await page.getByRole('menu').waitFor();
        await assertAccessible(visitor);
      });
    });
  }

  async function look({ page, ...visitor }: Visit, { path, ready }: MainScreen) {
    await page.goto(path);
    await ready(page);
    await assertAccessible({ page, ...visitor });
  }
});

/** Fails with what axe finds that is serious or critical. */
async function assertAccessible({ page }: Visit): Promise<void> {
  // In a world of its own, which the page's content policy does not hold for.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  });
  await session.send('Runtime.evaluate', { expression: axe, contextId: executionContextId });
  const { result } = await session.send('Runtime.evaluate', {
    expression:
      'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations))',
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  const found = Findings.parse(JSON.parse(z.string().parse(result.value)));
  const grave = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`),
    [],
  );
}
