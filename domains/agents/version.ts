import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { AgentDefinition } from '#core/agents/definition.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agentVersions, users } from '#db/schema/index.js';

/** Number of a published version in an input. */
export const publishedVersion = z.coerce.number().int().min(1).max(1_000_000_000);

/** A published version without what it does. */
export const AgentVersionSummary = z.object({
  version: z.int().describe('1 for the first that was published'),
  note: z.string(),
  hash: z.string().describe('SHA-256 of the definition, hex'),
  publishedBy: z.uuid(),
  publishedByName: z.string().nullable().describe('Null where that person has left the organization'),
  createdAt: z.iso.datetime(),
});

export const AgentVersion = AgentVersionSummary.extend({ definition: AgentDefinition });

const summaryColumns = {
  version: agentVersions.version,
  note: agentVersions.note,
  hash: agentVersions.hash,
  publishedBy: agentVersions.publishedBy,
  publishedByName: users.name,
  createdAt: agentVersions.createdAt,
};

/** Versions with the names of those who published them, to be narrowed. */
export function selectSummaries(db: Transaction) {
  return db
    .select(summaryColumns)
    .from(agentVersions)
    .leftJoin(users, eq(users.id, agentVersions.publishedBy))
    .$dynamic();
}

/** One version of an agent, with its definition. Throws `not_found`. Whether the actor may know of the agent the caller has asked. */
export async function findVersion(
  db: Transaction,
  agentId: string,
  version: number,
): Promise<z.output<typeof AgentVersion>> {
  const [row] = await db
    .select({ ...summaryColumns, definition: agentVersions.definition })
    .from(agentVersions)
    .leftJoin(users, eq(users.id, agentVersions.publishedBy))
    .where(and(eq(agentVersions.agentId, agentId), eq(agentVersions.version, version)));
  if (!row) throw new AppError('not_found', `The agent has no version ${version}`);
  return { ...row, definition: AgentDefinition.parse(row.definition) };
}
