import { randomUUID } from 'node:crypto';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import type { App } from '#app.js';
import { createAdmin } from '#domains/identity/super-users/create-admin.js';
import { givePassword } from './browser.js';

const password = 'correct horse battery';

/** Makes a super-user, who sets password and second factor by the forms, and is signed in to the platform then. */
export async function signInToPlatform({ services }: App, page: Page): Promise<void> {
  const email = `super-${randomUUID()}@example.com`;
  const { link } = await createAdmin(services, { email, name: 'Sue Super' });
  if (typeof link === 'string') throw new Error(`There is no link: ${link}`);
  await page.goto(new URL(link.url).pathname);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('link', { name: 'Log in' }).waitFor();
  await givePassword(page, { email, password });
  await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  const secret = (await page.locator('form code').textContent()) ?? '';
  await page.getByLabel('Code that the app shows').fill(new TOTP({ secret }).generate());
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('heading', { name: 'Organizations' }).waitFor();
}
