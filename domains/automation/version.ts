import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, users } from '#db/schema/index.js';

/** A published version without what it does. */
export const VersionSummary = z.object({
  version: z.int().describe('1 for the first that was published'),
  note: z.string(),
  hash: z.string().describe('SHA-256 of the definition, hex'),
  publishedBy: z.uuid(),
  publishedByName: z.string().nullable().describe('Null where that person has left the organization'),
  createdAt: z.iso.datetime(),
});

export const Version = VersionSummary.extend({ definition: z.unknown() });

const summaryColumns = {
  version: automationVersions.version,
  note: automationVersions.note,
  hash: automationVersions.hash,
  publishedBy: automationVersions.publishedBy,
  publishedByName: users.name,
  createdAt: automationVersions.createdAt,
};

/** Versions with the names of those who published them, to be narrowed. */
export function selectSummaries(db: Transaction) {
  return db
    .select(summaryColumns)
    .from(automationVersions)
    .leftJoin(users, eq(users.id, automationVersions.publishedBy))
    .$dynamic();
}

/** One version of an automation, with its definition. Throws `not_found`. */
export async function findVersion(
  db: Transaction,
  automationId: string,
  version: number,
): Promise<z.input<typeof Version>> {
  const [row] = await db
    .select({ ...summaryColumns, definition: automationVersions.definition })
    .from(automationVersions)
    .leftJoin(users, eq(users.id, automationVersions.publishedBy))
    .where(and(eq(automationVersions.automationId, automationId), eq(automationVersions.version, version)));
  if (!row) throw new AppError('not_found', `There is no such automation, or it has no version ${version}`);
  return row;
}
