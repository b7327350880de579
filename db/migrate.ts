import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { isolateTenants } from './isolation.js';

export interface MigrateOptions {
  /** The role that owns the schema. */
  ownerUrl: string;
  /** The application's role; created if absent, with the password that stands here. */
  appUrl: string;
  /** Folder of the generated SQL files. */
  folder: string;
}

/**
 * Brings the database up to date: makes it and the application's role if absent, runs what migrations are
 * missing, then isolates tenants. Safe to run twice and from two processes at once (one waits).
 */
export async function migrate({ ownerUrl, appUrl, folder }: MigrateOptions): Promise<void> {
  await createDatabase(ownerUrl, appUrl);
  const owner = postgres(withDatabaseOf(ownerUrl, appUrl), { max: 1, onnotice: () => {} });
  try {
    await owner`SELECT pg_advisory_lock(hashtext('worksynapse migrate'))`;
    await createAppRole(owner, new URL(appUrl));
    await runMigrations(drizzle(owner), { migrationsFolder: folder });
    await isolateTenants(owner);
  } finally {
    await owner.end();
  }
}

/** Where the generated migrations stand, below the project's folder. */
export function migrationsFolder(projectRoot: string): string {
  return join(projectRoot, 'db', 'migrations');
}

async function createDatabase(ownerUrl: string, appUrl: string): Promise<void> {
  const maintenance = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    const name = databaseName(appUrl);
    const [found] = await maintenance`SELECT FROM pg_database WHERE datname = ${name}`;
    if (!found) await maintenance`CREATE DATABASE ${maintenance(name)}`;
  } finally {
    await maintenance.end();
  }
}

async function createAppRole(owner: postgres.Sql, app: URL): Promise<void> {
  if (app.username !== 'worksynapse_app') throw new Error('DATABASE_URL must log in as worksynapse_app');
  const [found] = await owner`SELECT FROM pg_roles WHERE rolname = 'worksynapse_app'`;
  const password = decodeURIComponent(app.password).replaceAll("'", "''");
  const attributes = `LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '${password}'`;
  await owner.unsafe(`${found ? 'ALTER' : 'CREATE'} ROLE worksynapse_app ${attributes}`);
}

function withDatabaseOf(ownerUrl: string, appUrl: string): string {
  const url = new URL(ownerUrl);
  url.pathname = `/${databaseName(appUrl)}`;
  return url.href;
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}
