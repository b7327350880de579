import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChromaClient } from 'chromadb';
import type postgres from 'postgres';
import { z } from 'zod';
import { type App, createApp } from '#app.js';
import { personalData } from '#db/personal-data.js';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { deliver } from '../builders/deliver.js';
import { finishedRuns, startRun } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { listTenantTables } from '../isolation/list-tables.js';
import { openTestMailbox } from '../mailbox.js';
import { openOwner } from '../owner.js';
import { openTestStack } from '../stack.js';
import { configurationFor, openTestWorker } from '../system.js';
import { finishedExport } from './finished-export.js';
import { filesBelow, type Places, searchEverything, vectorsOf } from './search-everything.js';

/** Vectors are given; nothing is computed. */
const unused = { name: 'unused', generate: async (texts: string[]) => texts.map(() => [0, 0, 0]) };

const Erasure = z.object({
  id: z.uuid(),
  status: z.string(),
  counts: z.record(z.string(), z.int()),
  leftovers: z.record(z.string(), z.int()).nullable(),
  rounds: z.int(),
});

describe('the erasure of a person', function () {
  this.timeout(180_000);
  let app: App;
  let owner: postgres.Sql;
  let places: Required<Places>;

  before(async () => {
    const stack = await openTestStack(['postgres', 'temporal', 'chroma']);
    const mailbox = await openTestMailbox();
    const configuration = configurationFor(stack, { MAIL_URL: mailbox.url });
    app = await createApp(configuration, 'test');
    onTestsEnd(app.close);
    await openTestWorker(app);
    owner = openOwner(stack);
    const { FILES_FOLDER: filesFolder = '', CHROMA_URL: chromaUrl = '' } = configuration;
    assert.ok(filesFolder !== '' && chromaUrl !== '');
    places = { owner, filesFolder, chromaUrl };
  });

  async function named(organization: BuiltOrganization, role: string, name: string): Promise<BuiltMember> {
    const member = await buildMember(app, organization, role);
    await owner`UPDATE users SET name = ${name} WHERE id = ${member.userId}`;
    return member;
  }

  /** Lets the time of grace pass. */
  async function passGrace(orgId: string): Promise<void> {
    await owner`UPDATE erasures SET due_at = now() WHERE org_id = ${orgId} AND status = 'scheduled'`;
    await owner`UPDATE dispatch_queue SET available_at = now() WHERE org_id = ${orgId} AND kind = 'erasure'`;
  }

  function endOf(caller: Caller, id: string) {
    return eventually('the erasure is over', async () => {
      const erasure = Erasure.parse(await app.perform(caller, 'erasures.get', { id }));
      return ['scheduled', 'running'].includes(erasure.status) ? undefined : erasure;
    });
  }

  async function erase(organization: BuiltOrganization, member: BuiltMember, more: object = {}) {
    const input = { userId: member.userId, confirmEmail: member.email, ...more };
    const { id } = Erasure.parse(await app.perform(organization.caller, 'erasures.create', input));
    await passGrace(organization.orgId);
    return endOf(organization.caller, id);
  }

  async function addVectors(orgId: string, collectionName: string, documents: readonly string[]) {
    const { hostname, port } = new URL(places.chromaUrl);
    const client = new ChromaClient({ host: hostname, port: Number(port) });
    const collection = await client.getOrCreateCollection({
      name: collectionName,
      embeddingFunction: unused,
    });
    await collection.add({
      ids: documents.map(() => randomUUID()),
      documents: [...documents],
      embeddings: documents.map((_, index) => [index, 1, 0]),
      metadatas: documents.map(() => ({ org_id: orgId })),
    });
  }

  /** Puts the person's marks wherever the platform takes text. */
  async function leaveTraces(organization: BuiltOrganization, person: BuiltMember, name: string) {
    const { orgId, caller } = organization;
    const { email } = person;
    const text = `Ask ${name} <${email.toUpperCase()}>,\n${email}\nor https://x.example/?to=${encodeURIComponent(email)}`;
    const project = await buildProject(app, caller, { name: `For ${name}`, description: text });
    await buildTask(app, caller, {
      projectId: project.id,
      title: `Call ${email}`,
      description: text,
      labels: [email, 'other'],
      assigneeId: person.userId,
    });
    await app.perform(caller, 'variables.create', { name: 'contact', value: { [email]: [name] } });
    await app.perform(person.caller, 'api_keys.create', { name: `Key of ${name}`, scopes: ['tasks:read'] });
    await app.perform(
      person.caller,
      'tasks.create',
      { projectId: project.id, title: text.slice(0, 100) },
      { idempotencyKey: 'once' },
    );
    const made = {
      id: 'made',
      type: 'action',
      action: 'tasks.create',
      input: { projectId: project.id, title: 'From {{ trigger.body.from }}', description: text },
    };
    const nodes = [made, { id: 'kept', type: 'set', input: { values: { all: '{{ trigger.body }}' } } }];
    const automation = await buildAutomation(app, person.caller, chain({ type: 'webhook' }, nodes));
    await app.perform(person.caller, 'automations.publish', { id: automation.id });
    const large = Array.from({ length: 3_000 }, (_, line) => `${line} ${name} wrote from ${email}`);
    for (const note of [[text], large]) {
      await deliver(app, { orgId, webhookUrl: automation.webhookUrl }, { from: email, note });
    }
    await finishedRuns(app, caller, automation.id, 2);
    const ask = { id: 'ask', type: 'approval', input: { title: `May ${name}?` } };
    const asking = await buildAutomation(
      app,
      caller,
      chain({ type: 'manual' }, [{ ...ask, approvers: { users: [person.userId] } }]),
    );
    await startRun(app, caller, asking.id);
    await eventually('a mail to the person is sent', async () => {
      const mails =
        await owner`SELECT FROM outgoing_mails WHERE recipient = ${email} AND sent_at IS NOT NULL`;
      return mails.length > 0 ? true : undefined;
    });
    const files = app.services.files(orgId);
    await files.put(Buffer.from(`Dear ${name}, ${email}`), 'text/plain');
    await files.put(Buffer.concat([Buffer.from([0, 255, 254]), Buffer.from(email)]), 'image/png');
    await addVectors(orgId, 'notes', [text, 'Nothing of anybody', `About ${email}`]);
    await finishedExport(app, caller, { subject: 'organization' });
    await finishedExport(app, person.caller, { subject: 'person' });
  }

  it('goes into what writes that never ended have left', async () => {
    const organization = await buildOrganization(app);
    const person = await named(organization, 'member', 'Lena Leftover');
    const left = join(places.filesFolder, organization.orgId, `${'a'.repeat(64)}.${randomUUID()}`);
    await mkdir(dirname(left), { recursive: true });
    await writeFile(left, `half of what ${person.email} has sent`);
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(left, hourAgo, hourAgo);
    assert.equal((await erase(organization, person)).status, 'finished');
    await assert.rejects(readFile(left), { code: 'ENOENT' });
  });

  it('leaves nothing of them in any table, file or vector, and everything of others', async () => {
    const familyName = `Quixote-${randomUUID()}`;
    const name = `Zélda "Z" ${familyName}`;
    const [organization, other] = [await buildOrganization(app), await buildOrganization(app)];
    const person = await named(organization, 'manager', name);
    const marks = [person.email, encodeURIComponent(person.email), familyName];
    await leaveTraces(organization, person, name);
    const similar = `jo${person.email}`;
    const neighbour = await buildTask(app, organization.caller, { title: `Not for ${similar}` });
    await buildTask(app, other.caller, { title: `Of ${person.email}`, description: name });
    await addVectors(other.orgId, 'notes', [`Of ${person.email}`]);
    const traces = await searchEverything(places, organization.orgId, marks);
    const kinds = new Set(traces.map((trace) => trace.split(':')[0]));
    const expected = ['automation_versions', 'automations', 'api_keys', 'deliveries', 'events', 'file'];
    expected.push('idempotency_keys', 'outgoing_mails', 'projects', 'run_steps', 'tasks', 'users');
    expected.push('variables', 'vector', 'waits');
    assert.deepEqual(
      expected.filter((kind) => !kinds.has(kind)),
      [],
      'there is something to erase',
    );

    const erased = await erase(organization, person, { includesName: true });
    assert.deepEqual([erased.status, erased.leftovers], ['finished', {}]);
    const title = `Not for ${similar}`;
    const left = await searchEverything(places, organization.orgId, marks);
    assert.deepEqual(
      left.filter((trace) => !trace.includes(similar)),
      [],
    );
    const seen = z.object({ title: z.string() });
    const kept = seen.parse(await app.perform(organization.caller, 'tasks.get', { id: neighbour.id }));
    assert.equal(kept.title, title);
    assert.ok(
      (erased.counts['chroma.notes'] ?? 0) === 2 && (erased.counts['files.stored_objects'] ?? 0) >= 3,
    );
    assert.equal((await vectorsOf(places.chromaUrl, organization.orgId)).length, 1);
    assert.equal((await vectorsOf(places.chromaUrl, other.orgId)).length, 1);
    const others = await searchEverything(places, other.orgId, marks);
    assert.deepEqual([...new Set(others.map((trace) => trace.split(':')[0]))].sort(), [
      'audit_details',
      'events',
      'tasks',
      'vector',
    ]);
    const archives = await filesBelow(join(places.filesFolder, organization.orgId, 'exports'));
    assert.deepEqual(archives, [], 'no archive still holds them');
  });

  it('keeps who did what as pseudonyms, and holds no personal data itself', async () => {
    const organization = await buildOrganization(app);
    const person = await named(organization, 'member', `Ada-${randomUUID()}`);
    const { id } = await buildTask(app, organization.caller);
    await app.perform(person.caller, 'tasks.update', { id, title: 'Changed' });
    const erased = await erase(organization, person);
    const audit = await owner`SELECT FROM audit_log
      WHERE principal_id = ${person.userId} AND action = 'tasks.update'`;
    assert.equal(audit.length, 1);
    const [record] = await owner<{ marks: unknown; email_hash: string; text: string }[]>`
      SELECT marks, email_hash, one::text AS text FROM erasures AS one WHERE id = ${erased.id}`;
    assert.equal(record?.marks, null);
    assert.match(record?.email_hash ?? '', /^[0-9a-f]{64}$/);
    assert.ok(!record?.text.includes(person.email));
    const listed = JSON.stringify(await app.perform(organization.caller, 'members.list', {}));
    assert.ok(!listed.includes(person.userId));
    await assertRefused(app.perform(person.caller, 'identity.me', {}), 'forbidden');
  });

  it('takes the account with the last organization, and nobody can log in with what is left', async () => {
    const [first, second] = [await buildOrganization(app), await buildOrganization(app)];
    const person = await named(first, 'member', `Bob-${randomUUID()}`);
    await app.services.database.withOrg(second.orgId, async (transaction) => {
      const { members, roles } = await import('#db/schema/index.js');
      const [role] = await transaction.select().from(roles).limit(1);
      assert.ok(role);
      await transaction
        .insert(members)
        .values({ orgId: second.orgId, userId: person.userId, roleId: role.id });
    });
    const logIn = () =>
      app.perform({ kind: 'anonymous' }, 'identity.log_in', {
        email: person.email,
        password: person.password,
      });
    assert.equal((await erase(first, person)).status, 'finished');
    const Session = z.object({ organizations: z.array(z.object({ id: z.uuid() })) });
    assert.deepEqual(
      Session.parse(await logIn()).organizations.map(({ id }) => id),
      [second.orgId],
    );
    assert.equal((await erase(second, person)).status, 'finished');
    await assertRefused(logIn(), 'unauthenticated');
    const [account] = await owner`SELECT email, name FROM users WHERE id = ${person.userId}`;
    assert.deepEqual({ ...account }, { email: `${person.userId}@erased.invalid`, name: 'Erased' });
    const [{ count } = { count: -1 }] = await owner<{ count: number }[]>`
      SELECT count(*)::integer AS count FROM log_ins WHERE user_id = ${person.userId}`;
    assert.equal(count, 0, 'what belongs to the account goes with it');
    const email = `${person.userId}@erased.invalid`;
    const anyone = { email, password: person.password };
    await assertRefused(app.perform({ kind: 'anonymous' }, 'identity.log_in', anyone), 'unauthenticated');
  });

  it('is asked for by who may erase, confirmed by the address, once at a time, and can be cancelled', async () => {
    const organization = await buildOrganization(app);
    const { caller, orgId } = organization;
    const [person, manager, admin] = [
      await buildMember(app, organization, 'member'),
      await buildMember(app, organization, 'manager'),
      await buildMember(app, organization, 'admin'),
    ];
    const create = (by: Caller, input: object) => app.perform(by, 'erasures.create', input);
    const input = { userId: person.userId, confirmEmail: person.email };
    await assertRefused(create(manager.caller, input), 'forbidden');
    await assertRefused(
      create(caller, { ...input, confirmEmail: 'x@example.com' }),
      'validation',
      'confirmEmail',
    );
    await assertRefused(
      create(admin.caller, { userId: organization.userId, confirmEmail: organization.email }),
      'forbidden',
    );
    const twice = await Promise.allSettled([create(caller, input), create(admin.caller, input)]);
    assert.equal(twice.filter(({ status }) => status === 'fulfilled').length, 1);
    const [asked] = twice.flatMap((one) => (one.status === 'fulfilled' ? [Erasure.parse(one.value)] : []));
    const id = asked?.id ?? assert.fail();
    await assertRefused(app.perform(person.caller, 'erasures.cancel', { id }), 'forbidden');
    await assertRefused(app.perform(manager.caller, 'erasures.cancel', { id }), 'not_found');
    assert.equal(Erasure.parse(await app.perform(caller, 'erasures.cancel', { id })).status, 'cancelled');
    await passGrace(orgId);
    const again = Erasure.parse(await create(caller, input));
    await assertRefused(app.perform(manager.caller, 'erasures.get', { id: again.id }), 'not_found');
    await app.perform(person.caller, 'erasures.get', { id: again.id });
  });

  it('of oneself leaves every organization with the account, unless one would have no owner', async () => {
    const [first, second] = [await buildOrganization(app), await buildOrganization(app, { name: 'Bakery' })];
    const create = (by: Caller, email: string, scope: string) =>
      app.perform(by, 'erasures.create_own', { scope, confirmEmail: email });
    await assertRefused(create(first.caller, first.email, 'organization'), 'conflict');
    await owner`INSERT INTO members (org_id, user_id, role_id)
      SELECT org_id, ${first.userId}, id FROM roles WHERE org_id = ${second.orgId} AND key = 'member'`;
    const refused = await assertRefused(create(first.caller, first.email, 'account'), 'conflict');
    assert.match(refused.message, /Acme/);
    assert.doesNotMatch(refused.message, /Bakery/);
    const heir = await buildMember(app, first, 'owner');
    const { id } = Erasure.parse(await create(first.caller, first.email, 'account'));
    const scheduled = () =>
      owner`SELECT org_id FROM erasures WHERE subject_id = ${first.userId} AND status = 'scheduled'`;
    assert.equal((await scheduled()).length, 2);
    await assertRefused(app.perform(heir.caller, 'erasures.cancel', { id }), 'forbidden');
    await app.perform(first.caller, 'erasures.cancel', { id });
    assert.equal((await scheduled()).length, 0);
    const again = Erasure.parse(await create(first.caller, first.email, 'account'));
    await Promise.all([passGrace(first.orgId), passGrace(second.orgId)]);
    assert.equal((await endOf(heir.caller, again.id)).status, 'finished');
    await eventually('the account is gone', async () => {
      const [account] = await owner`SELECT name FROM users WHERE id = ${first.userId}`;
      return account?.name === 'Erased' ? true : undefined;
    });
    const audited = await owner`SELECT org_id FROM audit_log WHERE action = 'erasures.create_own'
      AND principal_id = ${first.userId}`;
    assert.equal(new Set(audited.map(({ org_id }) => org_id)).size, 2);
  });

  it('is refused of the last owner, also when the other one went first in the time of grace', async () => {
    const organization = await buildOrganization(app);
    const heir = await buildMember(app, organization, 'owner');
    const ask = (by: Caller, email: string) =>
      app.perform(by, 'erasures.create_own', { scope: 'organization', confirmEmail: email });
    const asked = [
      Erasure.parse(await ask(organization.caller, organization.email)),
      Erasure.parse(await ask(heir.caller, heir.email)),
    ];
    const admin = await buildMember(app, organization, 'admin');
    await passGrace(organization.orgId);
    const ends = await Promise.all(asked.map(({ id }) => endOf(admin.caller, id)));
    assert.deepEqual(ends.map(({ status }) => status).sort(), ['finished', 'refused']);
    const refused = ends.find(({ status }) => status === 'refused') ?? assert.fail();
    const other = await buildMember(app, organization, 'owner');
    await app.perform(other.caller, 'erasures.retry', { id: refused.id });
    assert.equal((await endOf(other.caller, refused.id)).status, 'finished');
    await assertRefused(app.perform(other.caller, 'erasures.retry', { id: refused.id }), 'conflict');
  });

  it('goes through tables of many rows page by page', async () => {
    const organization = await buildOrganization(app);
    const { orgId } = organization;
    const person = await buildMember(app, organization, 'guest');
    await owner`INSERT INTO events (org_id, type, payload)
      SELECT ${orgId}, 'test.told', jsonb_build_object('to', ${person.email}::text, 'n', n)
      FROM generate_series(1, 1203) AS n`;
    const erased = await erase(organization, person);
    assert.equal(erased.status, 'finished');
    assert.equal(erased.counts['postgres.events'], 1203);
    const [kept] =
      await owner`SELECT count(*)::integer AS count, min(payload->>'to') AS least, max(payload->>'to') AS most
      FROM events WHERE org_id = ${orgId} AND type = 'test.told'`;
    assert.deepEqual({ ...kept }, { count: 1203, least: '[erased]', most: '[erased]' });
  });
});

describe('what masks marks', () => {
  it('works on every table, while somebody is erased only, and only in the own organization', async () => {
    const { testSystem } = await import('../system.js');
    const system = await testSystem();
    const [own, other] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    const { sql } = await import('drizzle-orm');
    const mask = (orgId: string) =>
      system.app.services.database.withOrg(orgId, (transaction) =>
        transaction.execute(sql`SELECT * FROM erase_marks('tasks', 'Write', NULL, 100, false)`),
      );
    const [mine, theirs] = [
      await buildTask(system.app, own.caller),
      await buildTask(system.app, other.caller),
    ];
    await assert.rejects(mask(own.orgId));
    const owner = openOwner(system.stack);
    await owner`INSERT INTO erasures (org_id, subject_id, requested_by, includes_name, due_at, status)
      VALUES (${own.orgId}, ${own.userId}, ${own.userId}, false, now(), 'running')`;
    await mask(own.orgId);
    for (const table of await listTenantTables(owner)) {
      for (const isCheck of [true, false]) {
        if (!isCheck && personalData[table]?.fixedText) continue;
        const pages = system.app.services.database.withOrg(own.orgId, (transaction) =>
          transaction.execute(sql`SELECT * FROM erase_marks(${table}, 'Nowhere', NULL, 100, ${isCheck})`),
        );
        assert.equal((await pages)[0]?.found, 0, table);
      }
    }
    const titles = await owner`SELECT title FROM tasks WHERE id IN (${mine.id}, ${theirs.id}) ORDER BY title`;
    assert.deepEqual(
      titles.map(({ title }) => title),
      ['Write it down', '[erased] it down'],
    );
  });
});
