import assert from 'node:assert/strict';
import { eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { outgoingMails } from '#db/schema/index.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { type TestSystem, testSystem } from '#test/system.js';
import { recordMail, takeMails } from './take-mails.js';

describe('taking mails to send', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let ids: string[];
  beforeEach(async () => {
    system = await testSystem();
    organization = await buildOrganization(system.app);
    ids = Array.from({ length: 3 }, () => timeOrderedId());
    const { orgId } = organization;
    await inOrganization((db) =>
      db.insert(outgoingMails).values(
        ids.map((id) => ({
          orgId,
          id,
          recipient: 'a@example.com',
          subject: 'S',
          body: 'not sealed',
          dedupeKey: id,
        })),
      ),
    );
  });

  const inOrganization = <Result>(work: Parameters<typeof system.app.services.database.withOrg<Result>>[1]) =>
    system.app.services.database.withOrg(organization.orgId, work);
  const take = (db: Transaction, room: number | undefined) => {
    const { orgId } = organization;
    const entries = ids.map((sourceId) => ({ orgId, kind: 'mail' as const, sourceId, attempts: 0 }));
    return takeMails(db, orgId, entries, room);
  };

  /** In one transaction, of which nothing stays: no dispatcher that is at work sees these mails. */
  async function unseen(work: (db: Transaction) => Promise<void>): Promise<void> {
    const undo = new Error('Undo');
    const done = inOrganization(async (db) => {
      await work(db);
      throw undo;
    });
    await assert.rejects(done, (error) => {
      if (error !== undo) throw error;
      return true;
    });
  }

  it('gives each mail to one of several workers', async () => {
    const workers = [1, 2, 3].map(() => inOrganization((db) => take(db, 20)));
    const taken = (await Promise.all(workers)).flat();
    assert.deepEqual(taken.map(({ id }) => id).sort(), ids.sort());
  });

  it('gives no more than there is room for, and none where no mail can be sent', () =>
    unseen(async (db) => {
      assert.equal((await take(db, undefined)).length, 0);
      assert.equal((await take(db, 0)).length, 0);
      assert.equal((await take(db, 2)).length, 2);
      assert.equal((await take(db, 2)).length, 1);
    }));

  it('gives a mail again after a failure, and after the worker that had it has died', () =>
    unseen(async (db) => {
      const [first] = await take(db, 1);
      assert.equal(first?.attempt, 1);
      const again = { kind: 'again', error: 'away' } as const;
      await recordMail(db, first, again);
      assert.equal((await take(db, 1))[0]?.attempt, 2);
      const past = new Date(Date.now() - 3_600_000).toISOString();
      await db.update(outgoingMails).set({ busyUntil: past }).where(eq(outgoingMails.id, first.id));
      assert.equal((await take(db, 1))[0]?.attempt, 3);
    }));

  it('never gives one that was sent or given up, and keeps neither body', () =>
    unseen(async (db) => {
      const [sent, failed] = await take(db, 2);
      assert.ok(sent && failed);
      await recordMail(db, sent, { kind: 'sent' });
      await recordMail(db, failed, { kind: 'failed', error: 'refused' });
      assert.deepEqual(
        (await take(db, 20)).map(({ id }) => id),
        ids.filter((id) => id !== sent.id && id !== failed.id),
      );
      const rows = await db.select().from(outgoingMails);
      assert.equal(rows.filter(({ id, body }) => ids.includes(id) && body === null).length, 2);
    }));
});
