import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type postgres from 'postgres';
import { z } from 'zod';
import { eraseAgain } from '#runtime/privacy/tombstones/erase-again.js';
import { projectRoot } from '#runtime/project-root.js';
import { eraseDueOrganizations } from '#runtime/retention/erase-organizations.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildTask } from '../builders/build-task.js';
import { eventually } from '../eventually.js';
import { listRows } from '../isolation/list-rows.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';
import { takeBackup } from './backup.js';
import { searchEverything } from './search-everything.js';

const Erasure = z.object({ id: z.uuid(), status: z.string() });
const Settings = z.object({ slug: z.string() });

describe('what was erased and comes back with a backup', function () {
  this.timeout(180_000);
  let system: TestSystem;
  let owner: postgres.Sql;
  let filesFolder: string;
  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
    filesFolder = system.configuration.FILES_FOLDER ?? assert.fail();
  });

  const find = (orgId: string, email: string) => searchEverything({ owner, filesFolder }, orgId, [email]);

  async function operate(...words: string[]): Promise<string> {
    const program = join(projectRoot, 'dist/workers/privacy.js');
    const env = { PATH: process.env.PATH, ...system.stack.environment, NODE_ENV: 'test' };
    const options = { env, timeout: 60_000 };
    return (await promisify(execFile)(process.execPath, [program, 'tombstones', ...words], options)).stdout;
  }

  function finished({ caller }: BuiltOrganization, id: string) {
    return eventually('the erasure is finished', async () => {
      const shown = await system.app.perform(caller, 'erasures.get', { id }).catch(() => undefined);
      return shown && Erasure.parse(shown).status === 'finished' ? true : undefined;
    });
  }

  async function erase(organization: BuiltOrganization, { userId, email }: BuiltMember): Promise<string> {
    const input = { userId, confirmEmail: email };
    const { id } = Erasure.parse(await system.app.perform(organization.caller, 'erasures.create', input));
    await owner`UPDATE erasures SET due_at = now() WHERE id = ${id}`;
    await owner`UPDATE dispatch_queue SET available_at = now() WHERE source_id = ${id}`;
    await finished(organization, id);
    return id;
  }

  async function buildTraces() {
    const organization = await buildOrganization(system.app);
    const person = await buildMember(system.app, organization, 'member');
    const { id } = await buildTask(system.app, organization.caller, {
      title: `Call ${person.email}`,
      assigneeId: person.userId,
    });
    await system.app.perform(person.caller, 'tasks.update', { id, description: `Of ${person.email}` });
    return { organization, person };
  }

  it('is erased again by a list that was taken out before, and others stay', async () => {
    const { organization, person } = await buildTraces();
    const colleague = await buildMember(system.app, organization, 'member');
    const { orgId } = organization;
    const backup = await takeBackup(owner, orgId);
    const id = await erase(organization, person);
    assert.deepEqual(await find(orgId, person.email), []);
    const list = await operate('export');
    const entries = list.split('\n').filter((line) => line.includes(orgId));
    assert.equal(entries.length, 1);
    for (const secret of [person.userId, person.email]) assert.ok(!list.includes(secret), secret);

    await backup.restore();
    // The files were restored too, to a state before the erasure.
    await rm(join(filesFolder, 'tombstones', orgId), { recursive: true });
    assert.deepEqual(await eraseAgain(system.app.services), { people: 0, organizations: 0 });
    assert.ok((await find(orgId, person.email)).length > 3);

    const file = join(filesFolder, 'list.jsonl');
    await writeFile(file, list);
    assert.match(await operate('apply', file), /1 people, 0 organizations/);
    await rm(file);
    await finished(organization, id);
    assert.deepEqual(await find(orgId, person.email), []);
    assert.ok((await find(orgId, colleague.email)).length > 0);
    await system.app.perform(colleague.caller, 'identity.me', {});
    assert.deepEqual(await eraseAgain(system.app.services), { people: 0, organizations: 0 });
  });

  it('is erased again without a list where the files are those of today, also one that was under way', async () => {
    const { organization, person } = await buildTraces();
    const { orgId } = organization;
    const backup = await takeBackup(owner, orgId);
    const id = await erase(organization, person);
    await backup.restore();
    assert.deepEqual(await eraseAgain(system.app.services), { people: 1, organizations: 0 });
    await finished(organization, id);
    assert.deepEqual(await find(orgId, person.email), []);
    await owner`UPDATE erasures SET status = 'running', started_at = now() - interval '2 hours' WHERE id = ${id}`;
    await owner`UPDATE members SET status = 'active' WHERE user_id = ${person.userId}`;
    assert.deepEqual(await eraseAgain(system.app.services), { people: 1, organizations: 0 });
    await finished(organization, id);
  });

  it('is not mixed up with somebody of the same address who came later', async () => {
    const { organization, person } = await buildTraces();
    const id = await erase(organization, person);
    await owner`DELETE FROM erasures WHERE id = ${id}`;
    const later = await buildMember(system.app, organization, 'member');
    await owner`UPDATE users SET email = ${person.email} WHERE id = ${later.userId}`;
    assert.deepEqual(await eraseAgain(system.app.services), { people: 0, organizations: 0 });
    await system.app.perform(later.caller, 'identity.me', {});
  });

  it('is erased again as a whole organization', async () => {
    const { organization, person } = await buildTraces();
    const { orgId, caller } = organization;
    const backup = await takeBackup(owner, orgId);
    const { slug } = Settings.parse(await system.app.perform(caller, 'organization.get_settings', {}));
    await system.app.perform(caller, 'organization.delete', { slug });
    await owner`UPDATE organizations SET erase_at = now() WHERE id = ${orgId}`;
    await eraseDue();
    assert.deepEqual(await listRows(owner, orgId), []);
    await backup.restore();
    await system.app.perform(caller, 'tasks.list', {});
    assert.ok((await find(orgId, person.email)).length > 0);

    assert.deepEqual(await eraseAgain(system.app.services), { people: 0, organizations: 1 });
    await eraseDue();
    assert.deepEqual(await listRows(owner, orgId), []);
    assert.deepEqual(await eraseAgain(system.app.services), { people: 0, organizations: 0 });
  });

  async function eraseDue(): Promise<void> {
    let after: string | null = null;
    do after = await eraseDueOrganizations(system.app.services, after, () => {});
    while (after !== null);
  }
});
