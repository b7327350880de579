import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';
import { z } from 'zod';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { erasureScheduleId } from '#workers/retention-schedule.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildTask } from '../builders/build-task.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { openEngineClient } from '../builders/schedule-of.js';
import { eventually } from '../eventually.js';
import { listRows } from '../isolation/list-rows.js';
import { openOwner } from '../owner.js';
import { readArchive } from '../privacy/read-archive.js';
import { filesBelow, searchEverything } from '../privacy/search-everything.js';
import { configurationFor } from '../system.js';
import { type DurableSystem, openDurableSystem } from './durable-system.js';
import { type HeldLocks, holdLocks } from './held-locks.js';

const Work = z.object({ id: z.uuid(), status: z.string() });
const Erasure = Work.extend({ leftovers: z.record(z.string(), z.int()).nullable() });
const Export = Work.extend({ sha256: z.string().nullable(), rowCount: z.int() });
const Settings = z.object({ slug: z.string() });
const Table = z.object({ file: z.string(), rows: z.int(), sha256: z.string() });
const Manifest = z.object({ tables: z.array(Table), files: z.object({ count: z.int() }) });

const lockTable = (table: string) => `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`;
const lockRow = (table: string, id: string) => `SELECT FROM ${table} WHERE id = '${id}' FOR UPDATE`;

describe('a worker that crashes while it exports and erases', function () {
  this.timeout(600_000);
  let system: DurableSystem;
  let owner: postgres.Sql;
  let filesFolder: string;
  /** Of the worker alone: others make archives on this host as well. */
  let temporary: ReturnType<typeof temporaryFolder>;
  before(async () => {
    temporary = temporaryFolder();
    system = await openDurableSystem({ TMPDIR: temporary.path });
    owner = openOwner(system.stack);
    filesFolder = configurationFor(system.stack).FILES_FOLDER ?? assert.fail();
  });
  let locks: HeldLocks | undefined;
  after(async () => {
    await system.worker.kill();
    temporary.remove();
  });
  beforeEach(() => system.worker.kill());
  afterEach(async () => {
    await locks?.letGo();
    locks = undefined;
  });

  const perform = (by: { caller: BuiltOrganization['caller'] }, action: string, input: object = {}) =>
    system.app.perform(by.caller, action, input);

  /** Something of the person in a table, in a file and in the log. */
  async function leaveTraces(organization: BuiltOrganization, { caller, email, userId }: BuiltMember) {
    const { id } = await buildTask(system.app, organization.caller, {
      title: `Call ${email}`,
      assigneeId: userId,
    });
    await system.app.perform(caller, 'tasks.update', { id, description: `Of ${email}` });
    await system.app.services.files(organization.orgId).put(Buffer.from(`Dear ${email}`), 'text/plain');
  }

  async function askErasure(
    organization: BuiltOrganization,
    { userId, email }: BuiltMember,
  ): Promise<string> {
    const input = { userId, confirmEmail: email };
    return Work.parse(await perform(organization, 'erasures.create', input)).id;
  }

  async function passGrace(erasureId: string): Promise<void> {
    await owner`UPDATE erasures SET due_at = now() WHERE id = ${erasureId}`;
    await owner`UPDATE dispatch_queue SET available_at = now() WHERE source_id = ${erasureId}`;
  }

  /** Takes locks, and then lets go of the last ones, so that nothing slips through between them. */
  async function hold(...next: readonly string[]): Promise<void> {
    const last = locks;
    await last?.endWaiting();
    locks = await holdLocks(system.stack, next);
    await last?.letGo();
  }

  /** Has the worker come to where all of these statements wait, and crashes it there. The locks stay. */
  async function crashAt(...statements: readonly string[]): Promise<void> {
    await system.worker.start();
    await locks?.isAwaitedBy(...statements);
    await system.worker.kill();
  }

  it('has made each export once and whole, and erased person and organization wholly, wherever it died', async () => {
    const [exported, erasing, ending] = [
      await buildOrganization(system.app),
      await buildOrganization(system.app),
      await buildOrganization(system.app),
    ];
    const [subject, person] = [
      await buildMember(system.app, exported, 'member'),
      await buildMember(system.app, erasing, 'member'),
    ];
    await leaveTraces(exported, subject);
    await leaveTraces(erasing, person);
    await leaveTraces(ending, await buildMember(system.app, ending, 'member'));
    const ask = async (by: BuiltOrganization | BuiltMember, kind: string) =>
      Export.parse(await perform(by, 'exports.create', { subject: kind })).id;
    const exports = {
      organization: await ask(exported, 'organization'),
      person: await ask(subject, 'person'),
    };
    const erasureId = await askErasure(erasing, person);
    await passGrace(erasureId);

    const beginning = [...Object.values(exports).map((id) => lockRow('data_exports', id))];
    await hold(...beginning, lockRow('erasures', erasureId));
    await crashAt('update "data_exports"', 'from "erasures"');

    await hold(lockTable('tasks'));
    await system.worker.start();
    await deleteOrganization(ending);
    await crashAt('AS page', 'erase_rows', 'UPDATE "tasks"');

    await hold(lockTable('stored_objects'), lockTable('retention_periods'));
    await crashAt('from "stored_objects"', 'from "retention_periods"');

    await hold(lockTable('consents'), lockRow('data_exports', exports.organization));
    await crashAt('erase_marks', 'update "data_exports"');

    await hold(lockRow('erasures', erasureId));
    await crashAt('update "erasures"');
    await hold();
    await system.worker.start();

    const erasure = await eventually(
      'the erasure is over',
      async () => {
        const shown = Erasure.parse(await perform(erasing, 'erasures.get', { id: erasureId }));
        return shown.status === 'running' ? undefined : shown;
      },
      90_000,
    );
    assert.deepEqual([erasure.status, erasure.leftovers], ['finished', {}]);
    assert.deepEqual(await searchEverything({ owner, filesFolder }, erasing.orgId, [person.email]), []);
    await assertWhole(exported, exports.organization);
    await assertWhole(subject, exports.person);
    const told = await listSecurityEvents(system.app, exported.caller, 'export');
    assert.equal(told.length, 2);
    await eventually(
      'the organization is gone',
      async () => ((await listRows(owner, ending.orgId)).length === 0 ? true : undefined),
      90_000,
    );
    assert.deepEqual(await filesBelow(join(filesFolder, ending.orgId)), []);
    const left = (await readdir(temporary.path)).filter((name) => name.startsWith('worksynapse-export-'));
    assert.deepEqual(left, [], 'no half archive is left on the host');
  });

  it('erases nobody whose erasure was cancelled while it was away', async () => {
    const organization = await buildOrganization(system.app);
    const person = await buildMember(system.app, organization, 'member');
    await leaveTraces(organization, person);
    const id = await askErasure(organization, person);
    await system.worker.start();
    await system.worker.kill();
    await perform(organization, 'erasures.cancel', { id });
    await passGrace(id);
    await system.worker.start();
    await eventually('the note of it is taken', async () => {
      const notes = await owner`SELECT FROM dispatch_queue WHERE source_id = ${id}`;
      return notes.length === 0 ? true : undefined;
    });
    const shown = Erasure.parse(await perform(organization, 'erasures.get', { id }));
    assert.equal(shown.status, 'cancelled');
    await perform(person, 'identity.me');
    const found = await searchEverything({ owner, filesFolder }, organization.orgId, [person.email]);
    assert.ok(found.some((place) => place.startsWith('file:')));
  });

  /** Has an organization deleted, its grace pass, and the erasure begin. */
  async function deleteOrganization(organization: BuiltOrganization): Promise<void> {
    const { slug } = Settings.parse(await perform(organization, 'organization.get_settings'));
    await perform(organization, 'organization.delete', { slug });
    await owner`UPDATE organizations SET erase_at = now() WHERE id = ${organization.orgId}`;
    const engine = await openEngineClient(configurationFor(system.stack));
    const schedule = engine.schedule.getHandle(erasureScheduleId);
    await eventually('there is a schedule', () => schedule.describe().catch(() => undefined));
    await schedule.trigger();
  }

  /** The archive is the only file of the export, is what the row says of it, and holds what its manifest says. */
  async function assertWhole(by: BuiltOrganization | BuiltMember, id: string): Promise<void> {
    const shown = await eventually(
      'the export is over',
      async () => {
        const found = Export.parse(await perform(by, 'exports.get', { id }));
        return ['queued', 'running'].includes(found.status) ? undefined : found;
      },
      90_000,
    );
    assert.equal(shown.status, 'finished');
    const { orgId } = by.caller;
    const folder = join(filesFolder, orgId, 'exports', id);
    await eventually('only the archive is left', async () =>
      (await filesBelow(folder)).length === 1 ? true : undefined,
    );
    const archive = await readFile(join(folder, 'archive.zip'));
    assert.equal(hashOf(archive), shown.sha256);
    const files = await readArchive(archive);
    const manifest = Manifest.parse(JSON.parse(files.get('manifest.json') ?? '{}'));
    for (const { file, rows, sha256 } of manifest.tables) {
      const content = files.get(file) ?? assert.fail(file);
      const lines = content.split('\n').filter((line) => line !== '');
      assert.deepEqual([lines.length, hashOf(Buffer.from(content))], [rows, sha256], file);
      assert.equal(new Set(lines).size, lines.length, `${file} has nothing twice`);
    }
    assert.equal(
      manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      shown.rowCount,
    );
    assert.ok(manifest.tables.some(({ file, rows }) => file === 'postgres/tasks.jsonl' && rows === 1));
    assert.equal([...files.keys()].filter((name) => name.startsWith('files/')).length, manifest.files.count);
  }
});

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
