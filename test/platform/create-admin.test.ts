import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '#runtime/project-root.js';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { buildOrganization } from '../builders/build-organization.js';
import { signInToPlatform } from '../builders/build-super-user.js';
import { type TestSystem, testSystem } from '../system.js';

async function run(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const path = join(projectRoot, 'dist', 'stack', 'create-admin.js');
  const { PATH } = process.env;
  const child = spawn(process.execPath, [path, ...args], { env: { PATH, ...environment }, timeout: 50_000 });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, output, errors };
}

describe('npm run create-admin', () => {
  let system: TestSystem;
  before(async () => {
    system = await testSystem();
  });

  const create = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    run(args, { ...system.stack.environment, NODE_ENV: 'test', ...more });

  it('makes a newcomer a super-user and gives the link where no mail is sent, again another one', async () => {
    const email = `new-${randomUUID()}@example.com`;
    const first = await create(['--email', email, '--name', 'Nora New']);
    assert.equal(first.errors, '');
    assert.equal(first.status, 0);
    assert.match(first.output, new RegExp(`^${email} is a super-user now\\.`));
    assert.match(first.output, /\n\S+\/account\/reset-password\/wse_\S+\n$/);
    const again = await create(['--email', email]);
    assert.match(again.output, /is a super-user already/);
    assert.match(again.output, /\/account\/reset-password\/wse_/);
  });

  it('mails the link where mail is sent, and does not show it', async () => {
    const email = `new-${randomUUID()}@example.com`;
    const { output, status } = await create(['--email', email], { MAIL_URL: system.mailbox.url });
    assert.equal(status, 0);
    assert.match(output, /A link to set a password was mailed/);
    assert.doesNotMatch(output, /wse_/);
  });

  it('makes somebody who has an account a super-user, once', async () => {
    const { email, userId } = await buildOrganization(system.app);
    assert.match((await create(['--email', email])).output, /is a super-user now/);
    const again = await create(['--email', email.toUpperCase()]);
    assert.deepEqual([again.status, /already/.test(again.output)], [0, true]);
    await system.app.perform(await signInToPlatform(system.app, userId), 'tenants.list', {});
  });

  it('says what is wrong: a missing or bad address, settings, a database that is not there', async () => {
    assert.equal((await create([])).status, 2);
    const bad = await create(['--email', 'nobody']);
    assert.deepEqual([bad.status, bad.errors], [2, '--email must be a mail address\n']);
    const unset = await run(['--email', 'a@example.com'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    assert.equal(unset.status, 78);
    assert.match(unset.errors, /ENCRYPTION_KEYS/);
    const away = await create(['--email', 'a@example.com'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    assert.deepEqual(
      [away.status, away.errors],
      [1, 'The database does not answer: is the system running?\n'],
    );
    const home = temporaryFolder();
    const fresh = await run(['--email', 'a@example.com'], { WORKSYNAPSE_HOME: home.path });
    home.remove();
    assert.equal(fresh.status, 1);
    assert.match(fresh.errors, /run npm start first/);
  });
});
