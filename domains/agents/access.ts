import { and, asc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agentAccess, members, roles } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { agentEvents } from './agent.js';
import { changeAgent, findAgent, lockAgent } from './find-agent.js';

const AgentAccess = z.object({
  isRestricted: z
    .boolean()
    .describe('Only those may use it who are named; else everybody who may use agents'),
  users: z.array(z.uuid()),
  roles: z.array(z.uuid()),
});

export const listAgentAccess = defineAction({
  name: 'agents.list_access',
  title: 'Show access to an agent',
  description: 'Who may use an agent that is not open to everybody: people, and all who have a role.',
  permission: 'agents:update',
  effect: 'read',
  http: { method: 'get', path: '/agents/:id/access' },
  input: z.strictObject({ id: z.uuid() }),
  output: AgentAccess,
  async run(context: DomainContext, { id }) {
    const { isRestricted } = await findAgent(context, id);
    return readAccess(context.db, id, isRestricted);
  },
});

/** Throws `validation` naming people and roles that are not there. */
export const setAgentAccess = defineAction({
  name: 'agents.set_access',
  title: 'Change access to an agent',
  description:
    'Says who may use an agent, in place of what was said before. Runs that go on are not ended by it; the grant and the rights of their people bound them as before.',
  permission: 'agents:update',
  effect: 'write',
  http: { method: 'put', path: '/agents/:id/access' },
  input: z.strictObject({
    id: z.uuid(),
    isRestricted: AgentAccess.shape.isRestricted,
    users: z.array(z.uuid()).max(500).default([]),
    roles: z.array(z.uuid()).max(50).default([]).describe('Ids of roles'),
  }),
  output: AgentAccess,
  emits: [agentEvents.updated.type],
  async run(context: DomainContext, { id, isRestricted, ...named }) {
    const { db, actor, audit, emit } = context;
    const { orgId } = actor;
    const agent = await lockAgent(context, id);
    const users = [...new Set(named.users)];
    const wanted = [...new Set(named.roles)];
    const issues = [...(await unknownUsers(db, users)), ...(await unknownRoles(db, wanted))];
    if (issues.length > 0) throw new AppError('validation', 'Not all of them are here', { issues });
    const before = await readAccess(db, id, agent.isRestricted);
    await db.delete(agentAccess).where(and(eq(agentAccess.orgId, orgId), eq(agentAccess.agentId, id)));
    const rows = [
      ...users.map((subjectId) => ({ orgId, agentId: id, kind: 'user' as const, subjectId })),
      ...wanted.map((subjectId) => ({ orgId, agentId: id, kind: 'role' as const, subjectId })),
    ];
    if (rows.length > 0) await db.insert(agentAccess).values(rows);
    const changed = await changeAgent(context, id, { isRestricted });
    const after = await readAccess(db, id, isRestricted);
    audit(changeBetween(before, after, ['isRestricted', 'users', 'roles']));
    emit(agentEvents.updated, changed);
    return after;
  },
});

async function readAccess(
  db: Transaction,
  agentId: string,
  isRestricted: boolean,
): Promise<z.output<typeof AgentAccess>> {
  const rows = await db
    .select({ kind: agentAccess.kind, subjectId: agentAccess.subjectId })
    .from(agentAccess)
    .where(eq(agentAccess.agentId, agentId))
    .orderBy(asc(agentAccess.subjectId));
  const of = (kind: 'user' | 'role') =>
    rows.filter((row) => row.kind === kind).map(({ subjectId }) => subjectId);
  return { isRestricted, users: of('user'), roles: of('role') };
}

async function unknownUsers(db: Transaction, ids: readonly string[]): Promise<ErrorIssue[]> {
  if (ids.length === 0) return [];
  const found = await db
    .select({ id: members.userId })
    .from(members)
    .where(and(inArray(members.userId, [...ids]), eq(members.status, 'active')));
  return missing('users', ids, found, 'is no active member');
}

async function unknownRoles(db: Transaction, ids: readonly string[]): Promise<ErrorIssue[]> {
  if (ids.length === 0) return [];
  const found = await db
    .select({ id: roles.id })
    .from(roles)
    .where(inArray(roles.id, [...ids]));
  return missing('roles', ids, found, 'is no role');
}

function missing(
  field: string,
  ids: readonly string[],
  found: readonly { id: string }[],
  message: string,
): ErrorIssue[] {
  const known = new Set(found.map(({ id }) => id));
  return ids.flatMap((id, index) => (known.has(id) ? [] : [{ path: `${field}.${index}`, message }]));
}
