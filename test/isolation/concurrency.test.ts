import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { type TestSystem, testSystem } from '../system.js';

describe('transactions of many organizations at once', () => {
  let system: TestSystem;
  let organizations: BuiltOrganization[];
  before(async () => {
    system = await testSystem();
    organizations = await Promise.all(Array.from({ length: 6 }, () => buildOrganization(system.app)));
    for (const { caller } of organizations) await buildProject(system.app, caller);
  });

  it('see each its own, and those of nobody see nothing', async () => {
    const { database } = system.app.services;
    const reads = Array.from({ length: 300 }, async (_, index) => {
      const organization = organizations[index % (organizations.length + 1)];
      const seen = organization
        ? await database.withOrg(organization.orgId, readOrgs)
        : await database.withoutOrg(readOrgs);
      assert.deepEqual(seen, organization ? [organization.orgId] : []);
    });
    await Promise.all(reads);
  });

  it('leave nothing of theirs behind on a connection, also when they fail', async () => {
    const { database } = system.app.services;
    const work = Array.from({ length: 200 }, async (_, index) => {
      const { orgId } = organizations[index % organizations.length] ?? assert.fail();
      const failing = database.withOrg(orgId, async (transaction) => {
        await readOrgs(transaction);
        throw new Error('on purpose');
      });
      await assert.rejects(failing, /on purpose/);
      assert.deepEqual(await database.withoutOrg(readOrgs), []);
    });
    await Promise.all(work);
  });

  it('fail with an organization that is none, and see nothing', async () => {
    const { database } = system.app.services;
    await assert.rejects(database.withOrg("x' OR true --", readOrgs));
    assert.deepEqual(await database.withOrg('', readOrgs), []);
  });
});

/** The organizations whose projects the transaction sees. */
async function readOrgs(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.execute<{ org_id: string }>(sql`SELECT DISTINCT org_id FROM projects`);
  return rows.map((row) => row.org_id);
}
