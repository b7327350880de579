import { DrizzleQueryError } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { AppError } from '#core/errors.js';
import { fieldOfColumn } from './resource-table.js';

/** PostgreSQL cuts longer identifiers. */
const maxNameLength = 63;

/**
 * Runs statements on a table and turns what its constraints refuse into errors that name the field: a missing
 * reference into `validation`, a value that is taken into `conflict`, a value that the column can't hold into
 * `validation`. Anything else passes through.
 */
export async function withFieldErrors<Result>(table: PgTable, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toFieldError(table, error);
  }
}

/** True if `error` is a unique violation of the constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const cause = postgresErrorOf(error);
  return cause?.code === '23505' && cause.constraint_name === constraint;
}

/** Codes: PostgreSQL documentation, appendix A. */
function toFieldError(table: PgTable, error: unknown): unknown {
  const cause = postgresErrorOf(error);
  if (!cause) return error;
  const constraint = cause.constraint_name ?? '';
  if (cause.code === '23503') return missing(referencingField(table, constraint), error);
  if (cause.code === '23502') return missing(fieldOfColumn(table, cause.column_name ?? ''), error);
  if (cause.code === '23505') return taken(uniqueField(table, constraint), error);
  if (cause.code.startsWith('22')) {
    return new AppError('validation', 'A value is out of range or malformed', { cause: error });
  }
  return error;
}

function postgresErrorOf(error: unknown): postgres.PostgresError | undefined {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof postgres.PostgresError ? cause : undefined;
}

function missing(path: string, cause: unknown): AppError {
  const message = 'does not exist';
  return new AppError('validation', `${path}: ${message}`, { issues: [{ path, message }], cause });
}

function taken(path: string, cause: unknown): AppError {
  const message = 'is taken';
  return new AppError('conflict', `${path}: ${message}`, { issues: [{ path, message }], cause });
}

function referencingField(table: PgTable, constraint: string): string {
  const found = getTableConfig(table).foreignKeys.find(
    (key) => key.getName().slice(0, maxNameLength) === constraint,
  );
  return ownField(table, found?.reference().columns.map((column) => column.name) ?? [], constraint);
}

function uniqueField(table: PgTable, constraint: string): string {
  const { primaryKeys, uniqueConstraints, indexes, columns: all } = getTableConfig(table);
  const alone = all.find(({ isUnique, uniqueName }) => isUnique && uniqueName === constraint);
  if (alone) return fieldOfColumn(table, alone.name);
  const found = [...primaryKeys, ...uniqueConstraints].find(
    (key) => key.getName()?.slice(0, maxNameLength) === constraint,
  );
  const columns = found?.columns ?? indexes.find(({ config }) => config.name === constraint)?.config.columns;
  const names = columns?.flatMap((column) => ('name' in column ? (column.name ?? []) : []));
  return ownField(table, names ?? [], constraint);
}

/** The first field of a key that is not the tenant's. */
function ownField(table: PgTable, columnNames: readonly string[], fallback: string): string {
  const own = columnNames.find((name) => name !== 'org_id');
  return own === undefined ? fallback : fieldOfColumn(table, own);
}
