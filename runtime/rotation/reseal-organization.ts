import { and, eq, isNull, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { vaultRotations } from '#db/schema/index.js';
import type { Services } from '../services.js';
import type { Vault } from '../vault.js';
import { resealPeople } from './reseal-people.js';
import { sealedPattern, type VaultColumn, vaultColumns } from './vault-columns.js';

/** Rows of one transaction. */
const portionSize = 200;
const firstPlace = '(0,0)';

type Stores = Pick<Services, 'database' | 'vault' | 'logger'>;

interface Portion {
  /** Where the next one begins; null when there is none. */
  next: string | null;
  resealed: number;
  /** Somebody else has written them meanwhile. */
  missed: number;
  /** No key opens them. */
  unreadable: number;
}

/**
 * Seals the secrets of an organization and of its people anew with the newest key, in portions that are committed one by one: what is
 * interrupted goes on where it was, and again does nothing more. A value that changes meanwhile is left as it was
 * written. `onPortion` is called after each and may throw to end it. Throws `conflict`, to be tried again, where this
 * process does not have the key yet.
 */
export async function resealOrganization(
  stores: Stores,
  { orgId, keyId }: { orgId: string; keyId: string },
  onPortion: () => void,
): Promise<void> {
  if (stores.vault.newestKeyId !== keyId) {
    throw new AppError('provider_unavailable', `This process does not seal with the key ${keyId} yet`);
  }
  let unreadable = 0;
  for (const column of vaultColumns) {
    // Rows that are written meanwhile move: until nothing is found, something may have been passed by.
    let found: Walked;
    do {
      found = await walk(stores, column, orgId, onPortion);
    } while (found.changed > 0);
    unreadable += found.unreadable;
  }
  unreadable += (await resealPeople(stores, orgId, onPortion)).unreadable;
  await stores.database.withOrg(orgId, (transaction) =>
    transaction
      .update(vaultRotations)
      .set({ finishedAt: sql`now()`, unreadable })
      .where(isOpen(orgId, keyId)),
  );
}

interface Walked {
  unreadable: number;
  /** Values that were sealed anew, here or by somebody else. */
  changed: number;
}

/** Once through a column. */
async function walk(
  { database, vault, logger }: Stores,
  column: VaultColumn,
  orgId: string,
  onPortion: () => void,
): Promise<Walked> {
  const found = { unreadable: 0, changed: 0 };
  let after: string | null = firstPlace;
  while (after !== null) {
    const begin: string = after;
    const portion: Portion = await database.withOrg(orgId, (transaction) =>
      resealPortion(transaction, vault, { column, orgId, after: begin }),
    );
    found.unreadable += portion.unreadable;
    found.changed += portion.resealed + portion.missed;
    if (portion.unreadable > 0) {
      logger.error({ orgId, table: column.table, count: portion.unreadable }, 'secrets that no key opens');
    }
    after = portion.next;
    onPortion();
  }
  return found;
}

async function resealPortion(
  transaction: Transaction,
  vault: Vault,
  { column, orgId, after }: { column: VaultColumn; orgId: string; after: string },
): Promise<Portion> {
  const { table, value, rowId } = column;
  const rows = await transaction.execute<{ place: string; rowId: string; sealed: string }>(sql`
    SELECT ctid::text AS place, ${rowId} AS "rowId", ${value} AS sealed FROM ${sql.identifier(table)}
    WHERE org_id = ${orgId} AND ctid > ${after}::tid AND ${value} ~ ${sealedPattern}
      AND split_part(${value}, ':', 2) <> ${vault.newestKeyId}
    ORDER BY ctid LIMIT ${portionSize}`);
  const portion: Portion = { next: rows.at(-1)?.place ?? null, resealed: 0, missed: 0, unreadable: 0 };
  for (const { place, rowId: id, sealed } of rows) {
    const fresh = resealed(vault, { orgId, rowId: id }, sealed);
    if (fresh === undefined) portion.unreadable += 1;
    else if (await replace(transaction, column, { place, sealed, fresh })) portion.resealed += 1;
    else portion.missed += 1;
  }
  if (portion.resealed > 0) await noteProgress(transaction, orgId, vault.newestKeyId, portion.resealed);
  return portion;
}

/** A rotation of the whole deployment has no row of the organization's before there is something to tell. */
async function noteProgress(
  transaction: Transaction,
  orgId: string,
  keyId: string,
  count: number,
): Promise<void> {
  const noted = await transaction
    .update(vaultRotations)
    .set({ resealed: sql`${vaultRotations.resealed} + ${count}` })
    .where(isOpen(orgId, keyId))
    .returning({ id: vaultRotations.id });
  if (noted.length === 0) await transaction.insert(vaultRotations).values({ orgId, keyId, resealed: count });
}

async function replace(
  transaction: Transaction,
  { table, column, value, stored }: VaultColumn,
  { place, sealed, fresh }: { place: string; sealed: string; fresh: string },
): Promise<boolean> {
  const changed = await transaction.execute(sql`
    UPDATE ${sql.identifier(table)} SET ${sql.identifier(column)} = ${stored(fresh)}
    WHERE ctid = ${place}::tid AND ${value} = ${sealed} RETURNING 1`);
  return changed.length > 0;
}

function resealed(vault: Vault, place: { orgId: string; rowId: string }, sealed: string): string | undefined {
  try {
    return vault.reseal(place, sealed);
  } catch {
    return undefined;
  }
}

function isOpen(orgId: string, keyId: string) {
  return and(
    eq(vaultRotations.orgId, orgId),
    eq(vaultRotations.keyId, keyId),
    isNull(vaultRotations.finishedAt),
  );
}
