import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { erasureStatuses, erasures } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/** Days between asking for an erasure and its beginning, in which it can be cancelled. */
export const graceDays = 7;

const Counts = z.record(z.string(), z.int());

/** An erasure as it is shown. */
export const Erasure = z.object({
  id: z.uuid(),
  userId: z.uuid().describe('The person; a pseudonym once it is done'),
  requestedBy: z.uuid(),
  erasesAccount: z.boolean().describe('The person leaves every organization, and the account goes'),
  includesName: z.boolean().describe('The name is searched for in texts, too'),
  status: z.enum(erasureStatuses),
  dueAt: z.string().describe('When it begins; until then it can be cancelled'),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  rounds: z.int().describe('How often everything was gone through'),
  counts: Counts.describe('Rows, files and vectors that were deleted or masked, by store and table'),
  leftovers: Counts.nullable().describe(
    'What the search afterwards found; empty: nothing is left. Null before it',
  ),
  createdAt: z.string(),
});

/** Columns that Erasure shows. */
export const erasureColumns = {
  id: erasures.id,
  userId: erasures.subjectId,
  requestedBy: erasures.requestedBy,
  erasesAccount: sql<boolean>`${erasures.accountErasureId} IS NOT NULL`,
  includesName: erasures.includesName,
  status: erasures.status,
  dueAt: erasures.dueAt,
  startedAt: erasures.startedAt,
  finishedAt: erasures.finishedAt,
  rounds: erasures.rounds,
  counts: erasures.counts,
  leftovers: erasures.leftovers,
  createdAt: erasures.createdAt,
};

/** People see erasures of their own; with `people:erase` all of them. */
export function visibleErasures(actor: Actor): SQL | undefined {
  return holdsPermission(actor, 'people:erase') ? undefined : sql`${erasures.subjectId} = ${actor.userId}`;
}
