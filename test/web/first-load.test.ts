import assert from 'node:assert/strict';
import { signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, visit } from './browser.js';
import { buildShowcase } from './build-showcase.js';

/** Bytes of packed JavaScript that a page may ask for before it can be used. */
const budget = 220 * 1024;

describe('the first load of a signed-in page', () => {
  it('asks for at most 220 kB of packed JavaScript', async () => {
    const { app, address } = await signInSystem();
    const showcase = await buildShowcase(app);
    const { page, close } = await visit(address);
    await logIn(page, showcase);
    const scripts = new Map<string, number>();
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.endsWith('.js')) return;
      const packed = await fetch(response.url(), { headers: { 'accept-encoding': 'gzip' }, method: 'HEAD' });
      scripts.set(pathname, Number(packed.headers.get('content-length')));
    });
    await page.goto('/my-tasks');
    await page.getByText('Write the release notes').waitFor();
    const total = [...scripts.values()].reduce((sum, size) => sum + size, 0);
    assert.ok(scripts.size > 2 && total > 50_000, `${scripts.size} scripts of ${total} bytes were seen`);
    assert.ok(total <= budget, `${total} bytes: ${JSON.stringify(Object.fromEntries(scripts))}`);
    await close();
  });
});
