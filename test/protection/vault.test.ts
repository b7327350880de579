import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import type postgres from 'postgres';
import { z } from 'zod';
import type { App } from '#app.js';
import { connections, vaultRotations } from '#db/schema/index.js';
import { VaultStatus } from '#domains/vault/vault-status.js';
import { projectRoot } from '#runtime/project-root.js';
import { countSealed } from '#runtime/rotation/count-sealed.js';
import { resealOrganization } from '#runtime/rotation/reseal-organization.js';
import { vaultColumnsOfPeople } from '#runtime/rotation/reseal-people.js';
import { passingVaultColumns, sealedPattern, vaultColumns } from '#runtime/rotation/vault-columns.js';
import type { Services } from '#runtime/services.js';
import { createVault } from '#runtime/vault.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { workingSystem } from '../system.js';

const Sealed = z.object({ secret: z.string() });

describe('secrets of an organization', () => {
  let app: App;
  let owner: postgres.Sql;
  let acme: BuiltOrganization;
  let other: BuiltOrganization;
  const oldKey = { id: 'old', key: randomBytes(32) };
  const newKey = { id: 'new', key: randomBytes(32) };

  before(async () => {
    const system = await workingSystem();
    ({ app } = system);
    owner = openOwner(system.stack);
  });
  beforeEach(async () => {
    [acme, other] = await Promise.all([buildOrganization(app), buildOrganization(app)]);
    // Sealed by a key that these tests do not have.
    await owner`DELETE FROM outgoing_mails WHERE org_id IN (${acme.orgId}, ${other.orgId})`;
  });

  /** The system as a process with these keys has it, the first of which seals. */
  const withKeys = (...keys: { id: string; key: Buffer }[]): Services => ({
    ...app.services,
    vault: createVault(keys),
  });

  /** Connections whose secrets the old key has sealed. */
  async function connect(count: number, { orgId, caller }: BuiltOrganization = acme): Promise<string[]> {
    const old = createVault([oldKey]);
    const { id } = await buildSlackConnection(app, caller, 'http://127.0.0.1:9/api/');
    const copies = await owner<{ id: string }[]>`
      INSERT INTO connections (org_id, connector, name, config, hook_key)
      SELECT org_id, connector, 'Copy ' || n, config, md5(random()::text || n) FROM connections, generate_series(2, ${count}) AS n
      WHERE org_id = ${orgId} AND id = ${id} RETURNING id`;
    const ids = [id, ...copies.map((row) => row.id)];
    for (const [index, rowId] of ids.entries()) {
      const sealed = old.seal({ orgId, rowId }, { token: `token ${index}` });
      await owner`UPDATE connections SET secret = ${sealed} WHERE org_id = ${orgId} AND id = ${rowId}`;
    }
    return ids;
  }
  const secretOf = async (id: string) => {
    const [row] = await owner`SELECT secret FROM connections WHERE id = ${id}`;
    return Sealed.parse(row).secret;
  };
  const keysOf = async ({ orgId }: BuiltOrganization) => {
    const counts = await app.services.database.withOrg(orgId, countSealed);
    return Object.fromEntries(
      counts.filter(({ table }) => table === 'connections').map(({ keyId, count }) => [keyId, count]),
    );
  };

  it('are all sealed anew, and opened by the new key alone, while those of others stay', async () => {
    const ids = await connect(450);
    await connect(3, other);
    let portions = 0;
    const request = { orgId: acme.orgId, keyId: 'new' };
    await resealOrganization(withKeys(newKey, oldKey), request, () => {
      portions += 1;
    });
    assert.ok(portions > 3);
    assert.deepEqual([await keysOf(acme), await keysOf(other)], [{ new: 450 }, { old: 3 }]);
    const alone = createVault([newKey]);
    for (const [index, rowId] of ids.entries()) {
      const opened = alone.open({ orgId: acme.orgId, rowId }, await secretOf(rowId));
      assert.deepEqual(opened, { token: `token ${index}` });
    }
  });

  it('keep what was done when it is interrupted, go on from there, and again change nothing', async () => {
    const [first = ''] = await connect(450);
    const services = withKeys(newKey, oldKey);
    const request = { orgId: acme.orgId, keyId: 'new' };
    const interrupted = resealOrganization(services, request, () => {
      throw new Error('the worker dies');
    });
    await assert.rejects(interrupted, /the worker dies/);
    assert.deepEqual(await keysOf(acme), { new: 200, old: 250 });
    await resealOrganization(services, request, () => {});
    assert.deepEqual(await keysOf(acme), { new: 450 });
    const before = await secretOf(first);
    await resealOrganization(services, request, () => {});
    assert.equal(await secretOf(first), before);
    const [rotation] = await app.services.database.withOrg(acme.orgId, (db) =>
      db.select().from(vaultRotations),
    );
    assert.deepEqual([rotation?.resealed, rotation?.unreadable], [450, 0]);
    assert.notEqual(rotation?.finishedAt, null);
  });

  it('are left as somebody else writes them meanwhile', async () => {
    const [id = ''] = await connect(1);
    const place = { orgId: acme.orgId, rowId: id };
    const services = withKeys(newKey, oldKey);
    const vault = {
      ...services.vault,
      reseal: (where: typeof place, sealed: string) => {
        // Comes after the row was read and before it is written.
        written ??= owner`UPDATE connections SET secret = ${fresh} WHERE id = ${id}`.then(() => {});
        return services.vault.reseal(where, sealed);
      },
    };
    let written: Promise<void> | undefined;
    const fresh = services.vault.seal(place, { token: 'entered meanwhile' });
    await resealOrganization({ ...services, vault }, { orgId: acme.orgId, keyId: 'new' }, () => {});
    await written;
    assert.equal(createVault([newKey]).newestKeyId, 'new');
    const opened = services.vault.open(place, await secretOf(id));
    assert.ok(['entered meanwhile', 'token 0'].includes(z.object({ token: z.string() }).parse(opened).token));
    assert.deepEqual(await keysOf(acme), { new: 1 });
  });

  it('are, with those of their people: second factors', async () => {
    const { userId, orgId } = acme;
    const sealed = createVault([oldKey]).seal({ userId, rowId: 'totp' }, 'JBSWY3DPEHPK3PXP');
    await owner`INSERT INTO totp_secrets (user_id, secret) VALUES (${userId}, ${sealed})`;
    await resealOrganization(withKeys(newKey, oldKey), { orgId, keyId: 'new' }, () => {});
    const [row] = await owner`SELECT secret FROM totp_secrets WHERE user_id = ${userId}`;
    const opened = createVault([newKey]).open({ userId, rowId: 'totp' }, Sealed.parse(row).secret);
    assert.equal(opened, 'JBSWY3DPEHPK3PXP');
  });

  it('that no key opens are counted and left', async () => {
    const [first = '', second = ''] = await connect(2);
    const lost = createVault([{ id: 'lost', key: randomBytes(32) }]);
    const sealed = lost.seal({ orgId: acme.orgId, rowId: first }, { token: 'gone' });
    await owner`UPDATE connections SET secret = ${sealed} WHERE id = ${first}`;
    await resealOrganization(withKeys(newKey, oldKey), { orgId: acme.orgId, keyId: 'new' }, () => {});
    assert.equal(await secretOf(first), sealed);
    assert.match(await secretOf(second), /^v1:new:/);
    const [rotation] = await app.services.database.withOrg(acme.orgId, (db) =>
      db.select().from(vaultRotations),
    );
    assert.equal(rotation?.unreadable, 1);
  });

  it('are not touched by a process that does not have the new key yet', async () => {
    await connect(1);
    const late = resealOrganization(withKeys(oldKey), { orgId: acme.orgId, keyId: 'new' }, () => {});
    await assertRefused(late, 'provider_unavailable');
    assert.deepEqual(await keysOf(acme), { old: 1 });
  });

  it('are sealed anew by a workflow that an owner asks for, and whose end is shown', async () => {
    const { id } = await buildSlackConnection(app, acme.caller, 'http://127.0.0.1:9/api/');
    const [newest] = app.services.configuration.ENCRYPTION_KEYS;
    assert.ok(newest);
    // As a secret that the same key has sealed under a name of before.
    const before = createVault([{ id: 'before', key: newest.key }]);
    const sealed = before.seal({ orgId: acme.orgId, rowId: id }, { token: 't' });
    await app.services.database.withOrg(acme.orgId, (db) =>
      db.update(connections).set({ secret: sealed }).where(eq(connections.id, id)),
    );
    const status = async () => VaultStatus.parse(await app.perform(acme.caller, 'vault.status', {}));
    const first = await status();
    assert.equal(first.isComplete, false);
    assert.deepEqual(first.counts, [
      { table: 'connections', column: 'secret', keyId: 'before', count: 1, isKnown: false },
    ]);
    const clicks = await Promise.all([1, 2].map(() => app.perform(acme.caller, 'vault.rotate', {})));
    assert.deepEqual(
      clicks.map((answer) => VaultStatus.parse(answer).rotations.length),
      [1, 1],
    );
    const ended = await eventually('it has ended', async () => {
      const now = await status();
      return now.rotations.every(({ finishedAt }) => finishedAt !== null) ? now : undefined;
    });
    // The key of before is not among those of the process: the secret is told to be unreadable, and kept.
    assert.equal(ended.rotations[0]?.unreadable, 1);
    assert.equal(ended.rotations[0]?.requestedBy, acme.userId);
  });

  describe("by the operator's program", () => {
    const run = async (...words: string[]) => {
      const { stack } = await workingSystem();
      const program = join(projectRoot, 'dist/workers/vault.js');
      const env = { PATH: process.env.PATH, ...stack.environment, NODE_ENV: 'test' };
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], {
        env,
        timeout: 60_000,
      });
      return stdout;
    };

    it('are counted by key, over all organizations', async () => {
      await Promise.all([connect(2), connect(3, other)]);
      const before = /connections\.secret: (\d+) with old, which is not there/.exec(await run('status'))?.[1];
      await connect(4, await buildOrganization(app));
      const after = /connections\.secret: (\d+) with old, which is not there/.exec(await run('status'))?.[1];
      assert.equal(Number(after) - Number(before), 4);
    });

    it('are sealed anew, in all organizations', async () => {
      for (const { caller } of [acme, other])
        await buildSlackConnection(app, caller, 'http://127.0.0.1:9/api/');
      const [newest] = app.services.configuration.ENCRYPTION_KEYS;
      assert.match(await run('rotate'), new RegExp(`Sealing anew with ${newest?.id} has begun`));
    });

    it('get a new key to put in front of the others', async () => {
      const [id = '', key = ''] = (await run('new-key')).trim().split(':');
      assert.match(id, /^k\d{4}-\d\d-\d\d$/);
      assert.equal(Buffer.from(key, 'base64').length, 32);
    });
  });

  it('are no business of members', async () => {
    const { caller } = await buildMember(app, acme, 'manager');
    await assertRefused(app.perform(caller, 'vault.rotate', {}), 'forbidden');
    await assertRefused(app.perform(caller, 'vault.status', {}), 'forbidden');
  });

  it('are in no column that is not on the list', async () => {
    await buildSlackConnection(app, acme.caller, 'http://127.0.0.1:9/api/');
    const columns = await owner<{ name: string; column: string }[]>`
      SELECT table_name AS name, column_name AS column FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb') ORDER BY 1, 2`;
    const found: string[] = [];
    for (const { name, column } of columns) {
      const [sealed] = await owner`
        SELECT FROM ${owner(name)} WHERE ${owner(column)}::text ~ ${anywhere} LIMIT 1`;
      if (sealed) found.push(`${name}.${column}`);
    }
    const listed = vaultColumns.map(({ table, column }) => `${table}.${column}`);
    assert.ok(found.includes('connections.secret'));
    for (const name of found)
      assert.ok([...listed, ...passingVaultColumns, ...vaultColumnsOfPeople].includes(name), name);
  });
  const anywhere = `(^|")${sealedPattern.slice(1, -1)}`;
});
