import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { openOwner } from '#test/owner.js';
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
});

/** Ten entries that are due long since, of organizations that need not exist. */
async function fillQueue(connection: postgres.ReservedSql): Promise<void> {
  await connection`SET LOCAL session_replication_role = replica`;
  await connection`
    INSERT INTO dispatch_queue (org_id, kind, source_id, available_at)
    SELECT uuidv7(), 'run', uuidv7(), '2000-01-01' FROM generate_series(1, 10)`;
}
