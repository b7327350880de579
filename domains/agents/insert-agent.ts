import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError, invalidField } from '#core/errors.js';
import { agents, departments } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Agent, agentColumns, agentEvents } from './agent.js';

type NewAgent = Pick<
  typeof agents.$inferInsert,
  'id' | 'name' | 'description' | 'avatar' | 'departmentId' | 'draft'
>;

/** Writes a new agent as a draft, which belongs to whoever makes it. Throws `validation` for a department that is not there. */
export async function insertAgent(
  { db, actor, emit }: DomainContext,
  { id, ...fields }: NewAgent,
): Promise<z.output<typeof Agent>> {
  const { orgId, userId } = actor;
  if (fields.departmentId) {
    const [found] = await db
      .select({ id: departments.id })
      .from(departments)
      .where(and(eq(departments.id, fields.departmentId), isNull(departments.deletedAt)));
    if (!found) throw invalidField({ path: 'departmentId', message: 'there is no such department' });
  }
  const [row] = await db
    .insert(agents)
    .values({ orgId, ...(id !== undefined && { id }), ...fields, ownerId: userId, updatedBy: userId })
    .returning(agentColumns);
  if (!row) throw new AppError('internal', 'The agent was not written');
  const created = Agent.parse(row);
  emit(agentEvents.created, created);
  return created;
}
