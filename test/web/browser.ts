import assert from 'node:assert/strict';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findExecutable } from '#stack/find-executable.js';
import { onTestsEnd } from '../closing.js';

let browser: Promise<Browser> | undefined;

/** A page in a browser of its own, as far as cookies go; and what went wrong on it. */
export interface Visit {
  page: Page;
  /** Fails if the console has told an error or a warning, but for those that `expected` fits. */
  assertQuiet(expected?: RegExp): void;
  close(): Promise<void>;
}

/** Opens a page of the app, as a visitor who has never been there. All share one Chromium. */
export async function visit(address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  browser ??= launch();
  const context = await (await browser).newContext({
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return {
    page,
    assertQuiet: (expected) => {
      const unexpected = complaints.splice(0).filter((text) => !expected?.test(text));
      assert.deepEqual(unexpected, []);
    },
    close: () => context.close(),
  };
}

/** Signs a person in by the form. */
export async function logIn(page: Page, person: { email: string; password: string }) {
  await givePassword(page, person);
  await page.getByRole('heading', { level: 1 }).and(page.locator('main *')).first().waitFor();
  await page.waitForURL((url) => url.pathname !== '/log-in');
}

/** Gives address and password at the form; what comes then is another matter. */
export async function givePassword(
  page: Page,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.goto('/log-in');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function launch(): Promise<Browser> {
  const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
    .map((name) => findExecutable(name))
    .find(Boolean);
  if (executablePath === undefined)
    throw new Error('The tests of the web app need Chromium: apt-get install chromium');
  // In containers there is no sandbox for root, and little shared memory.
  const launched = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  onTestsEnd(() => launched.close());
  return launched;
}
