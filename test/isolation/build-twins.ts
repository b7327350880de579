import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { createTwinIds, spareRows, type TwinIds, twinRows } from './twin-rows.js';

export interface Twins {
  own: string;
  other: string;
  ids: TwinIds;
}

/** Two organizations that share a user and, in every table, a row with the same ids; written past all policies. */
export async function buildTwins(owner: postgres.Sql): Promise<Twins> {
  const ids = createTwinIds();
  const twins = { own: randomUUID(), other: randomUUID(), ids };
  for (const id of [ids.user, ids.spareUser, ids.secondMember]) {
    await owner`INSERT INTO users ${owner({ id, email: `${id}@example.com`, name: 'Twin', password_hash: 'x' })}`;
  }
  for (const id of [twins.own, twins.other]) {
    await owner`INSERT INTO organizations ${owner({ id, name: 'Twin', slug: `twin-${id}` })}`;
    const rows = Object.entries(twinRows).map(([table, { existing }]) => [table, existing(ids)] as const);
    for (const [table, row] of [...rows, ...spareRows(ids)]) {
      await owner`INSERT INTO ${owner(table)} ${owner({ org_id: id, ...row })}`;
    }
  }
  return twins;
}
