import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import { z } from 'zod';
import { tablesWithoutOrg } from '#db/isolation.js';
import { personalData } from '#db/personal-data.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildSlackConnection, testToken } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildTask } from '../builders/build-task.js';
import { eventually } from '../eventually.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';
import { finishedExport } from './finished-export.js';
import { readArchive } from './read-archive.js';

const Link = z.object({ url: z.url(), size: z.int(), sha256: z.string() });
const Manifest = z.object({
  format: z.literal('worksynapse-export/1'),
  schemaVersion: z.string(),
  tables: z.array(
    z.object({
      store: z.string(),
      name: z.string(),
      columns: z.array(z.string()).optional(),
      rows: z.int(),
      file: z.string(),
      sha256: z.string(),
      bytes: z.int(),
    }),
  ),
  files: z.object({ count: z.int() }),
  leftOut: z.array(z.object({ what: z.string(), reason: z.string().min(5) })),
});

describe('an export', function () {
  this.timeout(120_000);
  let system: TestSystem;
  let owner: postgres.Sql;
  let app: ServedSystem['app'];
  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
    ({ app } = await servedSystem());
  });

  type Caller = Parameters<TestSystem['app']['perform']>[0];

  async function download(caller: Caller, id: string): Promise<Buffer> {
    const link = Link.parse(await app.perform(caller, 'exports.download', { id }));
    const response = await fetch(link.url);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/zip');
    const archive = Buffer.from(await response.arrayBuffer());
    assert.equal(archive.length, link.size);
    assert.equal(createHash('sha256').update(archive).digest('hex'), link.sha256);
    return archive;
  }

  async function archiveOf(caller: Caller, input: object): Promise<Map<string, string>> {
    return readArchive(await download(caller, await finishedExport(app, caller, input)));
  }

  const manifestOf = (files: Map<string, string>) =>
    Manifest.parse(JSON.parse(files.get('manifest.json') ?? '{}'));
  const rowsIn = (files: Map<string, string>, table: string): Record<string, unknown>[] =>
    (files.get(`postgres/${table}.jsonl`) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  it('of an organization holds every row of every table but what its manifest leaves out, and the files', async () => {
    const { orgId, caller } = await buildOrganization(app);
    const other = await buildOrganization(app);
    await buildTask(app, caller, { title: 'Own work' });
    await buildTask(app, other.caller, { title: 'Work of others' });
    await buildSlackConnection(app, caller, 'http://127.0.0.1:9/api/');
    const { sha256 } = await app.services.files(orgId).put(Buffer.from('plans'), 'text/plain');
    const files = await archiveOf(caller, { subject: 'organization' });
    const manifest = manifestOf(files);
    const counts = Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows]));
    for (const [table, facts] of Object.entries(personalData)) {
      const isOfAccounts = table !== 'users' && table in tablesWithoutOrg && table !== 'organizations';
      if (facts.notExported || isOfAccounts) {
        assert.equal(counts[table], undefined, table);
        assert.ok(
          manifest.leftOut.some(({ what }) => what === table),
          table,
        );
        continue;
      }
      assert.equal(rowsIn(files, table).length, counts[table], table);
      // The last two grow while the archive is made.
      if (['users', 'organizations', 'data_exports', 'audit_chain', 'audit_seals'].includes(table)) continue;
      const [{ count } = { count: -1 }] = await owner<{ count: number }[]>`
        SELECT count(*)::integer AS count FROM ${owner(table)} WHERE org_id = ${orgId}
        ${table === 'audit_log' ? owner`AND action <> 'exports.download'` : owner``}`;
      assert.equal(counts[table], count, table);
    }
    assert.deepEqual(
      rowsIn(files, 'tasks').map(({ title }) => title),
      ['Own work'],
    );
    assert.deepEqual(
      rowsIn(files, 'organizations').map(({ id }) => id),
      [orgId],
    );
    assert.equal(rowsIn(files, 'users').length, 1);
    assert.equal(files.get(`files/${sha256}`), 'plans');
    for (const { file, sha256: hash, bytes } of manifest.tables) {
      const content = Buffer.from(files.get(file) ?? assert.fail(file));
      assert.deepEqual([content.length, createHash('sha256').update(content).digest('hex')], [bytes, hash]);
    }
    const all = [...files.values()].join('\n');
    for (const secret of [testToken, 'argon2', other.orgId]) assert.ok(!all.includes(secret), secret);
    const [sealed] = await owner`SELECT secret, hook_key FROM connections WHERE org_id = ${orgId}`;
    assert.ok(!all.includes(sealed?.secret) && !all.includes(sealed?.hook_key));
  });

  it('of a person holds what is theirs in this organization, and nothing of others', async () => {
    const organization = await buildOrganization(app);
    const [member, colleague] = [
      await buildMember(app, organization, 'member'),
      await buildMember(app, organization, 'member'),
    ];
    const mine = await buildTask(app, organization.caller, { title: 'Mine', assigneeId: member.userId });
    await buildTask(app, organization.caller, { title: 'Theirs', assigneeId: colleague.userId });
    await app.perform(member.caller, 'api_keys.create', { name: 'My key', scopes: ['tasks:read'] });
    const files = await archiveOf(member.caller, { subject: 'person' });
    assert.deepEqual(
      rowsIn(files, 'tasks').map(({ id }) => id),
      [mine.id],
    );
    assert.deepEqual(
      rowsIn(files, 'users').map(({ email }) => email),
      [member.email],
    );
    assert.deepEqual(
      rowsIn(files, 'api_keys').map(({ name }) => name),
      ['My key'],
    );
    assert.ok(rowsIn(files, 'audit_log').length > 0);
    assert.ok(rowsIn(files, 'log_ins').length > 0, 'of the account, for the person asks');
    assert.equal(files.has('postgres/runs.jsonl'), false);
    const given = await archiveOf(organization.caller, { subject: 'person', userId: member.userId });
    assert.equal(given.has('postgres/log_ins.jsonl'), false, 'the organization does not get it');
    const all = [...files.values()].join('\n');
    for (const foreign of [colleague.email, colleague.userId, 'Theirs']) assert.ok(!all.includes(foreign));
    const manifest = manifestOf(files);
    for (const what of ['runs', 'files', 'temporal', 'users.password_hash', 'api_keys.hash']) {
      assert.ok(
        manifest.leftOut.some((one) => one.what === what),
        what,
      );
    }
  });

  it('goes through a table of many rows page by page', async () => {
    const { orgId, caller } = await buildOrganization(app);
    await owner`INSERT INTO events (org_id, type, payload)
      SELECT ${orgId}, 'test.counted', jsonb_build_object('n', n, 'filling', repeat('x', 9000))
      FROM generate_series(1, 1203) AS n`;
    const files = await archiveOf(caller, { subject: 'organization' });
    const numbers = rowsIn(files, 'events').flatMap(({ type, payload }) =>
      type === 'test.counted' ? [z.object({ n: z.int() }).parse(payload).n] : [],
    );
    assert.equal(new Set(numbers).size, 1203);
    assert.equal(numbers.length, 1203);
  });

  it('is made for oneself by anybody, for others and for all by those who manage exports', async () => {
    const organization = await buildOrganization(app);
    const { perform } = app;
    const [guest, admin] = [
      await buildMember(app, organization, 'guest'),
      await buildMember(app, organization, 'admin'),
    ];
    const create = (caller: Caller, input: object) => perform(caller, 'exports.create', input);
    await assertRefused(create(guest.caller, { subject: 'organization' }), 'forbidden');
    await assertRefused(create(guest.caller, { subject: 'person', userId: admin.userId }), 'forbidden');
    await assertRefused(
      create(admin.caller, { subject: 'organization', userId: guest.userId }),
      'validation',
      'userId',
    );
    const own = await finishedExport(app, guest.caller, { subject: 'person' });
    const all = await finishedExport(app, admin.caller, { subject: 'organization' });
    const theirs = await finishedExport(app, admin.caller, { subject: 'person', userId: guest.userId });
    const List = z.object({ items: z.array(z.object({ id: z.uuid() })) });
    const listed = List.parse(await perform(guest.caller, 'exports.list', {})).items.map(({ id }) => id);
    assert.deepEqual(listed.sort(), [own, theirs].sort());
    await assertRefused(perform(guest.caller, 'exports.get', { id: all }), 'not_found');
    await assertRefused(perform(guest.caller, 'exports.download', { id: all }), 'not_found');
  });

  it('is made once at a time for a subject, however often it is asked for at once', async () => {
    const { caller } = await buildOrganization(app);
    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => app.perform(caller, 'exports.create', { subject: 'organization' })),
    );
    assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of asked) if (one.status === 'rejected') assert.equal(one.reason.code, 'conflict');
  });

  it('leaves only its archive in the store, and can be fetched by its person only as long as they may', async () => {
    const organization = await buildOrganization(app);
    const { orgId } = organization;
    const { storage } = app.services;
    const member = await buildMember(app, organization, 'member');
    const id = await finishedExport(app, member.caller, { subject: 'person' });
    const keys: string[] = [];
    await eventually('its pieces are gone', async () => {
      keys.length = 0;
      for await (const key of storage.list(`${orgId}/exports`)) keys.push(key);
      return keys.length === 1 ? true : undefined;
    });
    assert.deepEqual(keys, [`${orgId}/exports/${id}/archive.zip`]);
    const { url } = Link.parse(await app.perform(member.caller, 'exports.download', { id }));
    const fetched = (link: string) => fetch(link).then(({ status }) => status);
    assert.equal(await fetched(`${url.slice(0, -6)}AAAAAA`), 404);
    assert.equal(await fetched(url), 200);
    await owner`UPDATE members SET status = 'deactivated' WHERE user_id = ${member.userId}`;
    assert.equal(await fetched(url), 403);
  });
});
