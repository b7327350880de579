import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type postgres from 'postgres';
import { createFiles } from '#runtime/files/files.js';
import type { ObjectStorage } from '#runtime/files/object-storage.js';
import { expireRunData } from '#runtime/retention/expire-run-data.js';
import { sweepFiles } from '#runtime/retention/sweep-files.js';
import { manual, set } from '../automation/nodes.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildTask } from '../builders/build-task.js';
import { deliver } from '../builders/deliver.js';
import { finishedRun, finishedRuns, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';

const days = 30;

describe('the files of an organization', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
  });

  const filesOf = ({ orgId }: BuiltOrganization) => system.app.services.files(orgId);
  const put = (organization: BuiltOrganization, content: string | Buffer = randomBytes(100)) =>
    filesOf(organization).put(Buffer.from(content), 'application/octet-stream');
  const addressOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

  /** As if time had passed for all that is known of files. */
  const age = (orgId: string, hours: number) => owner`
    UPDATE stored_objects SET
      last_put_at = last_put_at - make_interval(hours => ${hours}),
      mentioned_at = mentioned_at - make_interval(hours => ${hours}),
      unused_since = unused_since - make_interval(hours => ${hours}),
      removed_at = removed_at - make_interval(hours => ${hours})
    WHERE org_id = ${orgId}`;

  const ageRuns = (orgId: string, passed: number) => owner`
    UPDATE runs SET created_at = created_at - make_interval(days => ${passed}),
      started_at = started_at - make_interval(days => ${passed}),
      finished_at = finished_at - make_interval(days => ${passed})
    WHERE org_id = ${orgId}`;

  const sweep = ({ orgId }: BuiltOrganization, services: Partial<TestSystem['app']['services']> = {}) =>
    sweepFiles({ ...system.app.services, ...services }, orgId, days, () => {});

  /** Several days, with a look on each. */
  async function sweepForDays(organization: BuiltOrganization, count = 3): Promise<void> {
    for (let day = 0; day < count; day += 1) {
      await sweep(organization);
      await age(organization.orgId, 24);
    }
  }

  async function isThere(organization: BuiltOrganization, sha256: string): Promise<boolean> {
    const bytes = await system.app.services.storage.get(`${organization.orgId}/${sha256}`);
    if (bytes) return Buffer.from(await filesOf(organization).get(sha256)).equals(Buffer.from(bytes));
    await assertRefused(filesOf(organization).get(sha256), 'not_found');
    return false;
  }

  it('go when two looks, a day apart, have found nothing that names them, and their rows a day later', async () => {
    const [own, other] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    const content = randomBytes(100);
    const { sha256 } = await put(own, content);
    await put(other, content);
    await age(own.orgId, 24 * days - 1);
    await sweepForDays(own, 1);
    const [young] = await owner`SELECT unused_since FROM stored_objects WHERE org_id = ${own.orgId}`;
    assert.equal(young?.unused_since, null);
    for (const stays of [true, true, false]) {
      assert.equal(await isThere(own, sha256), stays);
      await sweep(own);
      if (stays) await sweep(own);
      await age(own.orgId, 24);
    }
    assert.equal(await isThere(own, sha256), false);
    const rows = await owner`SELECT org_id FROM stored_objects WHERE sha256 = ${sha256}`;
    assert.deepEqual(
      rows.map(({ org_id }) => org_id),
      [other.orgId],
    );
    assert.equal(await isThere(other, sha256), true);
  });

  it('whose write was cut off go with the next look', async () => {
    const { orgId } = await buildOrganization(system.app);
    const removed: string[] = [];
    const storage: ObjectStorage = {
      ...system.app.services.storage,
      async *listUnfinished(folder) {
        yield { key: `${folder}/left`, changedAt: new Date(0) };
        yield { key: `${folder}/begun`, changedAt: new Date() };
      },
      remove: async (key) => {
        removed.push(key);
      },
    };
    await sweepFiles({ ...system.app.services, storage }, orgId, days, () => {});
    assert.deepEqual(removed, [`${orgId}/left`]);
  });

  it('stay as long as a run, a delivery, a record, a draft or another file names them', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId, caller } = organization;
    const { app } = system;
    const attachment = await put(organization);
    const inTask = await put(organization);
    await buildTask(app, caller, { description: `See ${inTask.sha256}.` });
    const inDraft = await put(organization);
    const pinned = { steps: { copy: { output: { file: inDraft.sha256 } } } };
    const draft = { ...manual([set('copy', {})], 'trigger > copy'), pinned };
    await app.perform(caller, 'automations.create', { name: 'Draft', draft });
    const copy = set('copy', { text: '{{ trigger.body.text }}' });
    const { id, webhookUrl } = await buildAutomation(app, caller, chain({ type: 'webhook' }, [copy]));
    const text = 'large '.repeat(20_000);
    await deliver(app, { orgId, webhookUrl }, { text, file: attachment.sha256 });
    const [run] = await finishedRuns(app, caller, id);
    assert.ok(run);
    const { output } = stepOf(run, 'copy');
    assert.ok(output && 'ref' in output);
    const [delivery] = await owner`SELECT payload_sha256 FROM deliveries WHERE org_id = ${orgId}`;
    const payload = String(delivery?.payload_sha256);
    const ofRun = [output.ref, payload, attachment.sha256];

    await age(orgId, 24 * 40);
    await sweepForDays(organization, 10);
    for (const sha256 of [...ofRun, inTask.sha256, inDraft.sha256])
      assert.ok(await isThere(organization, sha256));

    await ageRuns(orgId, 40);
    await owner`UPDATE deliveries SET received_at = received_at - interval '40 days' WHERE org_id = ${orgId}`;
    await owner`UPDATE idempotency_keys SET created_at = created_at - interval '40 days' WHERE org_id = ${orgId}`;
    let after: string | null = null;
    do after = await expireRunData(system.app.services, after, () => {});
    while (after !== null);
    await age(orgId, 24 * 8);
    await sweepForDays(organization, 12);
    for (const sha256 of ofRun) assert.equal(await isThere(organization, sha256), false);
    for (const { sha256 } of [inTask, inDraft]) assert.ok(await isThere(organization, sha256));
  });

  it('are found in every row of a long table', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId } = organization;
    const named = await Promise.all(Array.from({ length: 3 }, () => put(organization)));
    const texts = Array.from({ length: 1_200 }, (_, place) =>
      JSON.stringify({ text: named[place / 599]?.sha256 ?? 'nothing' }),
    );
    await owner`
      INSERT INTO events (org_id, type, payload)
      SELECT ${orgId}, 'task.created', text::jsonb FROM unnest(${texts}::text[]) AS text`;
    await age(orgId, 24 * 40);
    await sweepForDays(organization);
    for (const { sha256 } of named) assert.ok(await isThere(organization, sha256));
  });

  it('stay while a run is under way that had begun when they were put', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId, caller } = organization;
    const rest = { id: 'rest', type: 'wait', input: { duration: '300d' } };
    const { id } = await buildAutomation(system.app, caller, manual([rest], 'trigger > rest'));
    const runId = await startRun(system.app, caller, id);
    await runThat(system.app, caller, runId, 'it waits', ({ status }) => status === 'waiting');
    const { sha256 } = await put(organization);
    await age(orgId, 24 * 40);
    await ageRuns(orgId, 41);
    await sweepForDays(organization);
    assert.ok(await isThere(organization, sha256));
    await system.app.perform(caller, 'runs.cancel', { id: runId });
    await finishedRun(system.app, caller, runId);
    await sweepForDays(organization);
    assert.equal(await isThere(organization, sha256), false);
  });

  it('stay when the same content is put again before they go', async () => {
    const organization = await buildOrganization(system.app);
    const content = randomBytes(100);
    const { sha256 } = await put(organization, content);
    await age(organization.orgId, 24 * 40);
    await sweepForDays(organization, 1);
    await put(organization, content);
    await sweepForDays(organization);
    assert.ok(await isThere(organization, sha256));
  });

  it('are there for whoever puts the same content at the moment when they go', async () => {
    const organization = await buildOrganization(system.app);
    const { orgId } = organization;
    const { storage, database } = system.app.services;
    const content = randomBytes(100);
    const { sha256 } = await put(organization, content);
    await age(orgId, 24 * 40);
    await sweepForDays(organization, 1);

    let putWhileRemoved: Promise<unknown> | undefined;
    const slow: ObjectStorage = {
      ...storage,
      async remove(key) {
        let puts = 0;
        const watched: ObjectStorage = {
          ...storage,
          put: (...given) => storage.put(...given).finally(() => puts++),
        };
        putWhileRemoved = createFiles(database, watched)(orgId).put(content, 'text/plain');
        await eventually('its bytes are put', () => (puts > 0 ? true : undefined));
        await storage.remove(key);
      },
    };
    await sweep(organization, { storage: slow });
    await putWhileRemoved;
    assert.ok(await isThere(organization, sha256));
    await sweepForDays(organization);
    assert.ok(await isThere(organization, sha256));
  });

  it('can be put again after a crash in the middle of their removal', async () => {
    const organization = await buildOrganization(system.app);
    const { storage } = system.app.services;
    const content = randomBytes(100);
    const { sha256 } = await put(organization, content);
    await age(organization.orgId, 24 * 40);
    await sweepForDays(organization, 1);
    const crashing: ObjectStorage = {
      ...storage,
      async remove(key) {
        await storage.remove(key);
        throw new Error('The process died');
      },
    };
    await assert.rejects(sweep(organization, { storage: crashing }), /died/);
    assert.equal(await isThere(organization, sha256), false);
    await put(organization, content);
    assert.ok(await isThere(organization, sha256));
  });

  it('name other files by their JSON', async () => {
    const organization = await buildOrganization(system.app);
    const inner = await put(organization);
    const outer = { file: inner.sha256, unknown: addressOf('never put') };
    await filesOf(organization).put(Buffer.from(JSON.stringify(outer)), 'application/json');
    const [row] = await owner`
      SELECT mentions FROM stored_objects WHERE org_id = ${organization.orgId} AND sha256 = ${addressOf(outer)}`;
    assert.deepEqual(row?.mentions, [inner.sha256]);
  });
});
