import { type SQL, sql } from 'drizzle-orm';

/** A column that holds values of the vault. */
export interface VaultColumn {
  table: string;
  column: string;
  /** The sealed text, as SQL over a row. */
  value: SQL;
  /** The `rowId` of its place, as SQL over a row. */
  rowId: SQL;
  /** What the column is set to for a sealed text. */
  stored(sealed: string): SQL;
}

/** Every column of an organization's tables that holds values of the vault. */
export const vaultColumns: readonly VaultColumn[] = [
  textColumn('connections', 'secret'),
  textColumn('outgoing_mails', 'body'),
  textColumn('sso_connections', 'secret'),
  textColumn('erasures', 'marks'),
];

/** Columns whose values are gone after a day, so that they are not sealed anew. A key has to be kept for as long. */
export const passingVaultColumns: readonly string[] = ['public_calls.result'];

function textColumn(table: string, column: string): VaultColumn {
  return {
    table,
    column,
    value: sql.identifier(column).getSQL(),
    rowId: sql`id::text`,
    stored: (sealed) => sql`${sealed}::text`,
  };
}

/** The form of a sealed text: version, key, wrapped data key (60 bytes), content. */
export const sealedPattern = '^v1:[A-Za-z0-9_-]{1,32}:[A-Za-z0-9_-]{80}:[A-Za-z0-9_-]+$';
