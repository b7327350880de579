import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { roleWithKey } from '../builders/build-role.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

describe('a mailed link leads to a screen', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
  });
  beforeEach(async () => {
    visitor = await visit(system.address);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (404|422)/);
    await visitor.close();
  });

  /** The path of the link in the newest mail to somebody about something. */
  async function linkTo(address: string, subject: RegExp): Promise<string> {
    const { text } = await system.mailbox.receivedAbout(address, subject);
    const [link] = /\/(account\/[\w-]+|invites)\/[\w-]+/.exec(text ?? '') ?? [];
    return link ?? assert.fail(`no link in ${text}`);
  }
  async function verifiedAt() {
    const rows = await system.app.services.database.withUser(acme.userId, (transaction) =>
      transaction.execute<{ at: string | null }>(sql`SELECT email_verified_at AS at FROM users`),
    );
    return rows[0]?.at;
  }

  it('that confirms the address once it is told to, not when it is opened', async () => {
    const { page } = visitor;
    const link = await linkTo(acme.email, /^Confirm/);
    await page.goto(link);
    await page.getByRole('heading', { name: 'Confirm your email address' }).waitFor();
    assert.equal(await verifiedAt(), null);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    assert.notEqual(await verifiedAt(), null);
    await page.goto(link);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').waitFor();
  });

  it('that sets a new password, which was asked for on another', async () => {
    const { page } = visitor;
    await page.goto('/forgot-password');
    await page.getByLabel('Email').fill(acme.email);
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await page.goto(await linkTo(acme.email, /^Set a new password/));
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('New password').fill('a battery of correct horses');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('heading', { name: 'Your password was set' }).waitFor();
    await logIn(page, { email: acme.email, password: 'a battery of correct horses' });
  });

  it('on which an invited person joins, and is in', async () => {
    const { page } = visitor;
    const email = `nora-${randomUUID()}@example.com`;
    const { caller } = await buildOrganization(system.app, { name: 'Northwind' });
    const role = await roleWithKey(system.app, caller, 'member');
    await system.app.perform(caller, 'invites.send', { email, roleId: role.id });
    const [mail] = await system.mailbox.received(email);
    const [link = ''] = /\/invites\/[\w-]+/.exec(mail?.text ?? '') ?? [];
    await page.goto(link);
    await page.getByRole('heading', { name: 'Join Northwind' }).waitFor();
    await page.getByLabel('Your name').fill('<b>Nora</b>');
    await page.getByLabel('Choose a password').fill('short');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Choose a password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'My tasks' }).waitFor();
  });

  it('that says of an invite which is over that it is', async () => {
    await visitor.page.goto('/invites/nothing');
    await visitor.page.getByRole('alert').waitFor();
  });
});
