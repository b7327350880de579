import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { agentRuns } from '#db/schema/index.js';
import { wakeAgent } from '#runtime/agents/wake-agent.js';
import type { DomainContext } from '#runtime/domain.js';
import { titleField } from '#runtime/resource/text-field.js';
import { requireOwnRun, tellDispatcher } from './converse.js';
import { readRun } from './read-runs.js';
import { AgentRun, agentRunColumns } from './run-row.js';

export const updateAgentRun = defineAction({
  name: 'agent_runs.update',
  title: 'Rename run of an agent',
  description: 'Changes what a conversation is called.',
  permission: 'agents:use',
  effect: 'write',
  http: { method: 'patch', path: '/agent-runs/:id' },
  input: z.strictObject({ id: z.uuid(), title: titleField(200) }),
  output: AgentRun,
  async run(context: DomainContext, { id, title }) {
    await requireOwnRun(context, id);
    const { title: before } = await readRun(context, id);
    await context.db.update(agentRuns).set({ title }).where(eq(agentRuns.id, id));
    context.audit({ before: { title: before }, after: { title } });
    return readRun(context, id);
  },
});

export const deleteAgentRun = defineAction({
  name: 'agent_runs.delete',
  title: 'Delete run of an agent',
  description:
    'Puts a conversation away: it is shown no more, and nothing more is done in it. It can be restored until its retention ends.',
  permission: 'agents:use',
  effect: 'destroy',
  http: { method: 'delete', path: '/agent-runs/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: AgentRun,
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    await requireOwnRun(context, id);
    const run = await readRun(context, id);
    const isThere = and(eq(agentRuns.id, id), isNull(agentRuns.deletedAt));
    const changed = await db
      .update(agentRuns)
      .set({ deletedAt: sql`now()` })
      .where(isThere)
      .returning({ deletedAt: agentRuns.deletedAt });
    const [row] = changed;
    if (!row) throw new AppError('not_found', 'There is no such run');
    context.audit({ before: { deletedAt: null }, after: row });
    if (run.finishedAt === null) {
      await wakeAgent(db, actor.orgId, id);
      tellDispatcher(context, id);
    }
    return run;
  },
});

export const restoreAgentRun = defineAction({
  name: 'agent_runs.restore',
  title: 'Restore run of an agent',
  description: 'Brings back a conversation that was put away; it goes on where it was.',
  permission: 'agents:use',
  effect: 'write',
  http: { method: 'post', path: '/agent-runs/:id/restore' },
  input: z.strictObject({ id: z.uuid() }),
  output: AgentRun,
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    const isOwn = and(eq(agentRuns.id, id), eq(agentRuns.userId, actor.userId));
    const [before] = await db
      .select({ deletedAt: agentRuns.deletedAt })
      .from(agentRuns)
      .where(isOwn)
      .for('no key update');
    if (!before) throw new AppError('not_found', 'There is no such run');
    if (before.deletedAt === null) throw new AppError('conflict', 'The run is not deleted');
    const [row] = await db
      .update(agentRuns)
      .set({ deletedAt: null })
      .where(and(isOwn, isNotNull(agentRuns.deletedAt)))
      .returning(agentRunColumns);
    context.audit({ before, after: { deletedAt: null } });
    await wakeAgent(db, actor.orgId, id);
    tellDispatcher(context, id);
    return AgentRun.parse(row);
  },
});
