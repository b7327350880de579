import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { eventually } from '#test/eventually.js';
import { testSystem } from '#test/system.js';

const Page = z.object({
  items: z.array(z.object({ id: z.uuid(), type: z.string() })),
  hasPending: z.boolean(),
});

describe('events.list', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  const list = async (input: object = {}) => Page.parse(await app.perform(acme.caller, 'events.list', input));
  const write = async (db: Transaction, type = 'task.created') => {
    const event = { id: timeOrderedId(), type, payload: {}, runId: null, depth: 0 };
    await writeRecords(db, { orgId: acme.orgId, events: [event] });
    return event.id;
  };
  const happen = (type?: string) =>
    app.services.database.withOrg(acme.orgId, (transaction) => write(transaction, type));

  /** A transaction that has written one event and stays open. */
  async function beginEvent() {
    let commit = () => {};
    const isAsked = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let tell = (_id: string) => {};
    const written = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const finished = app.services.database.withOrg(acme.orgId, async (transaction) => {
      tell(await write(transaction));
      await isAsked;
    });
    const id = await Promise.race([written, finished.then(() => assert.fail('ended too early'))]);
    return {
      id,
      commit: () => {
        commit();
        return finished;
      },
    };
  }

  /** Other tests' transactions may be open too, so an event is listed within a moment, not at once. */
  const listed = (count: number, input: object = {}) =>
    eventually(`${count} events are listed`, async () => {
      const { items } = await list(input);
      return items.length >= count ? items.map(({ id }) => id) : undefined;
    });

  it('loses nothing when the transaction that wrote first commits last', async () => {
    const known = await happen();
    assert.deepEqual(await listed(1), [known]);

    const slow = await beginEvent();
    const fast = await happen();
    assert.deepEqual(await list({ after: known }), { items: [], hasPending: true });

    await slow.commit();
    assert.deepEqual(await listed(2, { after: known }), [slow.id, fast]);
    assert.deepEqual(await listed(1, { after: slow.id }), [fast]);
    assert.deepEqual(await list({ after: fast }), { items: [], hasPending: false });
  });

  it('never gets an event in front of one that was listed, whatever their ids', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => happen()));
    let after: string | undefined;
    const seen: string[] = [];
    await eventually('every event was read', async () => {
      const { items } = await list({ limit: 7, ...(after && { after }) });
      seen.push(...items.map(({ id }) => id));
      after = seen.at(-1);
      return seen.length >= ids.length || undefined;
    });
    assert.deepEqual([...seen].sort(), [...ids].sort());
    assert.deepEqual(await listed(30), seen);
  });

  it('does not list what was rolled back', async () => {
    const lost = app.services.database.withOrg(acme.orgId, async (transaction) => {
      await write(transaction);
      throw new Error('rolled back on purpose');
    });
    await assert.rejects(lost, /on purpose/);
    const kept = await happen();
    assert.deepEqual(await listed(1), [kept]);
  });

  it('goes on after an event that is gone from the one before it', async () => {
    const first = await happen();
    const gone = timeOrderedId(Date.now() + 60_000);
    assert.deepEqual(await listed(1, { after: timeOrderedId(0) }), [first]);
    const second = await happen();
    assert.deepEqual(await listed(2), [first, second]);
    assert.deepEqual((await list({ after: gone })).items, []);
  });

  it('lists the newest first, and one type only, where asked', async () => {
    const task = await happen('task.created');
    const project = await happen('project.created');
    assert.deepEqual(await listed(2, { order: 'newest' }), [project, task]);
    assert.deepEqual(await listed(1, { type: 'project.created' }), [project]);
    assert.deepEqual(await listed(1, { order: 'newest', after: project }), [task]);
  });
});
