import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, count, eq } from 'drizzle-orm';
import { dispatchQueue, outgoingMails } from '#db/schema/index.js';
import { composeBody, type Mail } from '#runtime/mail/mail.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { refusedAddress } from '../mailbox.js';
import { type TestSystem, workingSystem } from '../system.js';
import { aboutWork } from './about-work.js';

describe('a mail of the platform', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  const mailTo = (to: string, more: Partial<Mail> = {}): Mail => ({
    to,
    subject: 'News',
    body: composeBody({ title: 'News', paragraphs: ['<b>Bold</b>'], facts: [], links: [], footer: 'Bye' }),
    dedupeKey: randomUUID(),
    ...more,
  });
  const newAddress = () => `${randomUUID()}@example.com`;

  async function write(mails: readonly Mail[], services = system.app.services) {
    const { orgId } = organization;
    return services.database.withOrg(orgId, (transaction) => writeMails(services, transaction, orgId, mails));
  }

  function rowThat(what: string, holds: (row: typeof outgoingMails.$inferSelect) => boolean) {
    return eventually(what, async () => {
      const [row] = await system.app.services.database.withOrg(organization.orgId, (transaction) =>
        transaction.select().from(outgoingMails).where(aboutWork),
      );
      return row && holds(row) ? row : undefined;
    });
  }

  it('is sent as text and HTML, under an id of its own, and then no longer kept', async () => {
    const address = newAddress();
    await write([mailTo(address)]);
    const [mail] = await system.mailbox.received(address);
    const row = await rowThat('it is noted as sent', ({ sentAt }) => sentAt !== null);
    assert.equal(mail?.subject, 'News');
    assert.match(mail?.text ?? '', /<b>Bold<\/b>/);
    assert.match(String(mail?.html), /&lt;b&gt;Bold&lt;\/b&gt;/);
    assert.ok(mail?.messageId?.startsWith(`<${row.id}@`));
    assert.deepEqual([row.body, row.attempts, row.error], [null, 1, null]);
  });

  it('is sent once, though written twice and queued three times', async () => {
    const address = newAddress();
    const mail = mailTo(address);
    assert.deepEqual(await write([mail]), { queued: 1 });
    assert.deepEqual(await write([mail]), { queued: 0 });
    const { orgId } = organization;
    await system.app.services.database.withOrg(orgId, async (transaction) => {
      const [row] = await transaction.select({ id: outgoingMails.id }).from(outgoingMails).where(aboutWork);
      const entry = { orgId, kind: 'mail' as const, sourceId: row?.id ?? '' };
      await transaction.insert(dispatchQueue).values([entry, entry]);
    });
    const last = newAddress();
    await write([mailTo(last)]);
    await system.mailbox.received(last);
    assert.equal((await system.mailbox.received(address)).length, 1);
  });

  it('goes out once when its server is back that was away', async () => {
    const address = newAddress();
    await system.mailbox.stop();
    try {
      await write([mailTo(address)]);
      const row = await rowThat('an attempt has failed', ({ error }) => error !== null);
      assert.equal(row.sentAt, null);
    } finally {
      await system.mailbox.start();
    }
    await system.mailbox.received(address);
    const sent = await rowThat('it is noted as sent', ({ sentAt }) => sentAt !== null);
    assert.ok(sent.attempts >= 2);
    assert.equal((await system.mailbox.mailsTo(address)).length, 1);
  });

  it('is given up when the server refuses it for good', async () => {
    await write([mailTo(refusedAddress)]);
    const row = await rowThat('it is given up', ({ failedAt }) => failedAt !== null);
    assert.deepEqual([row.body, row.attempts, row.sentAt], [null, 1, null]);
    assert.match(row.error ?? '', /No such mailbox/);
  });

  it('is not written beyond what an organization may cause in an hour', async () => {
    const services = {
      ...system.app.services,
      configuration: { ...system.configuration, MAILS_PER_HOUR: 3 },
    };
    const several = () => [mailTo(newAddress()), mailTo(newAddress())];
    assert.deepEqual(await write(several(), services), { queued: 2 });
    assert.deepEqual(await write(several(), services), { queued: 1 });
    assert.deepEqual(await write(several(), services), { queued: 0 });
    const other = await buildOrganization(system.app);
    organization = other;
    assert.deepEqual(await write(several(), services), { queued: 2 });
  });

  it('is written beyond that where it guards an account, and does not count', async () => {
    const services = {
      ...system.app.services,
      configuration: { ...system.configuration, MAILS_PER_HOUR: 1 },
    };
    const safe = () => mailTo(newAddress(), { isForSafety: true });
    assert.deepEqual(await write([safe(), safe()], services), { queued: 2 });
    assert.deepEqual(await write([mailTo(newAddress()), mailTo(newAddress())], services), { queued: 1 });
    assert.deepEqual(await write([mailTo(newAddress()), safe()], services), { queued: 1 });
  });

  it('is neither written nor sent where no server is set', async () => {
    const { MAIL_URL: _none, ...configuration } = system.configuration;
    const services = { ...system.app.services, configuration };
    assert.deepEqual(await write([mailTo(newAddress())], services), { queued: 0 });
    const [row] = await services.database.withOrg(organization.orgId, (transaction) =>
      transaction
        .select({ mails: count() })
        .from(outgoingMails)
        .where(and(eq(outgoingMails.orgId, organization.orgId), aboutWork)),
    );
    assert.equal(row?.mails, 0);
  });
});
