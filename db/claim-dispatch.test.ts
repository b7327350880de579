import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { openOwner } from '#test/owner.js';
import { openTestStack } from '#test/stack.js';
import { testSystem } from '#test/system.js';

const joins = ['enable_hashjoin', 'enable_mergejoin', 'enable_nestloop'];
/** What could spare the server from looking for the due entries again for each row of the queue. */
const shortcuts = [
  'enable_hashagg',
  'enable_indexscan',
  'enable_bitmapscan',
  'enable_material',
  'enable_sort',
];

describe('claim_dispatch', () => {
  for (const join of joins) {
    it(`takes no more entries than it is asked for, where the server plans with ${join} alone`, async () => {
      const { stack } = await testSystem();
      const connection = await openOwner(stack).reserve();
      await connection`BEGIN`;
      await fillQueue(connection);
      for (const shortcut of shortcuts) await connection.unsafe(`SET LOCAL ${shortcut} = off`);
      for (const other of joins)
        await connection.unsafe(`SET LOCAL ${other} = ${other === join ? 'on' : 'off'}`);
      const claimed = await connection`SELECT source_id FROM claim_dispatch(1)`;
      await connection`ROLLBACK`;
      connection.release();
      assert.equal(claimed.length, 1);
    });
  }

  it('serves one organization after the other, each at one place at a time, whatever another has queued', async () => {
    // One of its own: a dispatcher at work would take what is to be claimed.
    const stack = await openTestStack(['postgres']);
    const owner = openOwner(stack);
    const [first, second] = [await owner.reserve(), await owner.reserve()];
    const many = '00000000-0000-7000-8000-000000000001';
    const few = '00000000-0000-7000-8000-000000000002';
    await first`BEGIN`;
    await first`SET LOCAL session_replication_role = replica`;
    await first`
      INSERT INTO dispatch_queue (org_id, kind, source_id, available_at)
      SELECT ${many}::uuid, 'run', uuidv7(), '2000-01-01'::timestamptz FROM generate_series(1, 20000)
      UNION ALL SELECT ${few}::uuid, 'run', uuidv7(), now() FROM generate_series(1, 2)`;
    await first`COMMIT`;
    await Promise.all([first`BEGIN`, second`BEGIN`]);
    const claim = (connection: postgres.ReservedSql, previous: string | null) =>
      connection<{ org: string }[]>`SELECT org_id AS org FROM claim_dispatch(50, ${previous})`;
    const busy = await claim(first, null);
    const beside = await claim(second, null);
    await Promise.all([first`ROLLBACK`, second`ROLLBACK`]);
    await Promise.all([first`BEGIN`, second`BEGIN`]);
    const next = await claim(first, many);
    const anew = await claim(second, few);
    await Promise.all([first`ROLLBACK`, second`ROLLBACK`]);
    first.release();
    second.release();
    assert.deepEqual(
      [busy, beside, next, anew].map((rows) => [rows[0]?.org, rows.length]),
      [
        [many, 50],
        [few, 2],
        [few, 2],
        [many, 50],
      ],
    );
  });
});

/** Ten entries that are due long since, of organizations that need not exist. */
async function fillQueue(connection: postgres.ReservedSql): Promise<void> {
  await connection`SET LOCAL session_replication_role = replica`;
  await connection`
    INSERT INTO dispatch_queue (org_id, kind, source_id, available_at)
    SELECT uuidv7(), 'run', uuidv7(), '2000-01-01' FROM generate_series(1, 10)`;
}
