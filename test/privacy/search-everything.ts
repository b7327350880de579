import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChromaClient } from 'chromadb';
import type postgres from 'postgres';
import { tablesWithoutOrg } from '#db/isolation.js';
import { listTenantTables } from '../isolation/list-tables.js';

export interface Places {
  owner: postgres.Sql;
  filesFolder: string;
  /** Without one, no vectors are looked through. */
  chromaUrl?: string;
}

/**
 * Where the texts are found in what an organization has: every column of every table, every file, every vector;
 * and in all accounts. Knows
 * nothing of how they are erased: a plain search, without regard to case.
 */
export async function searchEverything(
  { owner, filesFolder, chromaUrl }: Places,
  orgId: string,
  texts: readonly string[],
): Promise<string[]> {
  const wanted = texts.map((text) => text.toLowerCase());
  const holds = (content: string) => wanted.some((text) => content.toLowerCase().includes(text));
  const found: string[] = [];
  for (const table of await listTenantTables(owner)) {
    const rows = await owner<{ text: string }[]>`
      SELECT one::text AS text FROM ${owner(table)} AS one WHERE org_id = ${orgId}`;
    found.push(...rows.filter(({ text }) => holds(text)).map(({ text }) => `${table}: ${text}`));
  }
  for (const table of Object.keys(tablesWithoutOrg)) {
    const rows = await owner<{ text: string }[]>`SELECT one::text AS text FROM ${owner(table)} AS one`;
    found.push(...rows.filter(({ text }) => holds(text)).map(({ text }) => `${table}: ${text}`));
  }
  for (const path of await filesBelow(join(filesFolder, orgId))) {
    if (holds((await readFile(path)).toString('latin1'))) found.push(`file: ${path}`);
  }
  for (const record of chromaUrl === undefined ? [] : await vectorsOf(chromaUrl, orgId)) {
    if (holds(record)) found.push(`vector: ${record}`);
  }
  return found;
}

/** Every file of an organization. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Every record of an organization in Chroma, as text. */
export async function vectorsOf(chromaUrl: string, orgId: string): Promise<string[]> {
  const { hostname, port } = new URL(chromaUrl);
  const client = new ChromaClient({ host: hostname, port: Number(port) });
  const records: string[] = [];
  for (const collection of await client.listCollections()) {
    const found = await collection.get({ where: { org_id: orgId } });
    records.push(...found.rows().map((row) => JSON.stringify(row)));
  }
  return records;
}
