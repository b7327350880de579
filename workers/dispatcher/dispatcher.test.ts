import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { deliveries } from '#db/schema/index.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { buildAutomation, chain, hookKeyOf, listRunIds } from '#test/builders/build-automation.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { deliver } from '#test/builders/deliver.js';
import { eventually } from '#test/eventually.js';
import { workingSystem } from '#test/system.js';

describe('the dispatcher', () => {
  it('puts off an entry that it cannot dispatch, and goes on with the others', async () => {
    const { app } = await workingSystem();
    const { orgId, caller } = await buildOrganization(app);
    const nodes = [{ id: 'values', type: 'set', input: { values: { seen: true } } }];
    const automation = await buildAutomation(app, caller, chain({ type: 'webhook' }, nodes));
    const { webhookUrl } = automation;
    const lostId = timeOrderedId();
    await app.services.database.withOrg(orgId, async (transaction) => {
      await transaction.insert(deliveries).values({
        orgId,
        id: lostId,
        provider: 'webhook',
        externalId: lostId,
        hookKey: hookKeyOf(webhookUrl),
        triggers: ['webhook'],
        payloadSha256: 'f'.repeat(64),
        payloadSize: 100_000,
      });
      await transaction.execute(
        sql`INSERT INTO dispatch_queue (org_id, kind, source_id) VALUES (${orgId}, 'delivery', ${lostId})`,
      );
    });
    await deliver(app, { orgId, webhookUrl });
    const runIds = await eventually('the good delivery has its run', async () => {
      const ids = await listRunIds(app, caller, automation.id);
      return ids.length > 0 ? ids : undefined;
    });
    assert.equal(runIds.length, 1);
  });
});
