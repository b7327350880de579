import { and, eq, isNull, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import { AppError } from '#core/errors.js';
import { agents } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Agent, agentColumns } from './agent.js';
import { agentPolicy } from './agent-policy.js';

/** The agent's row, kept from changing until the transaction ends. Throws `not_found`, also where the actor may not know of it. */
export async function lockAgent({ db, actor }: Pick<DomainContext, 'db' | 'actor'>, id: string) {
  const [row] = await db
    .select()
    .from(agents)
    .where(and(eq(agents.id, id), isNull(agents.deletedAt), agentPolicy(actor)))
    .for('no key update');
  if (!row) throw new AppError('not_found', 'There is no such agent');
  return row;
}

/** The agent's row. Throws `not_found`, also where the actor may not know of it. */
export async function findAgent({ db, actor }: Pick<DomainContext, 'db' | 'actor'>, id: string) {
  const [row] = await db
    .select()
    .from(agents)
    .where(and(eq(agents.id, id), isNull(agents.deletedAt), agentPolicy(actor)));
  if (!row) throw new AppError('not_found', 'There is no such agent');
  return row;
}

/** Writes fields of an agent's row, and with them its next version, the time and who did it. */
export async function changeAgent(
  { db, actor }: DomainContext,
  id: string,
  fields: PgUpdateSetSource<typeof agents>,
): Promise<z.output<typeof Agent>> {
  const [row] = await db
    .update(agents)
    .set({
      ...fields,
      version: sql`${agents.version} + 1`,
      updatedAt: sql`now()`,
      updatedBy: actor.userId,
    })
    .where(eq(agents.id, id))
    .returning(agentColumns);
  return Agent.parse(row);
}
