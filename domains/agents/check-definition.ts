import { and, inArray, isNull } from 'drizzle-orm';
import { isForPeopleOnly } from '#core/action.js';
import type { AgentDefinition } from '#core/agents/definition.js';
import { memoryAction } from '#core/agents/memory.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import { agents, connections } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';

/**
 * Throws `validation` with everything that keeps a definition from being published by this person: actions that there are not, that no
 * agent may perform or that the person lacks the right to, connections and agents that are not there.
 */
export async function checkDefinition(
  context: DomainContext,
  definition: AgentDefinition,
  self: string,
): Promise<void> {
  const issues = [
    ...memoryIssues(context, definition),
    ...definition.actions.flatMap((allowed, index) =>
      actionIssues(context, allowed, `draft.actions.${index}`),
    ),
    ...(await connectionIssues(context, definition)),
    ...(await delegateIssues(context, definition, self)),
  ];
  if (issues.length === 0) return;
  throw new AppError('validation', 'The agent can not be published yet', { issues });
}

function actionIssues(
  { services, actor }: DomainContext,
  { name, connection }: AgentDefinition['actions'][number],
  path: string,
): ErrorIssue[] {
  const action = services.catalogue.actions.get(name);
  if (!action) return [{ path: `${path}.name`, message: `there is no action ${name}` }];
  if (isForPeopleOnly(action) || action.permission === 'public' || action.holdsSecret)
    return [{ path: `${path}.name`, message: `${name} is for people only` }];
  if (!holdsPermission(actor, action.permission))
    return [{ path: `${path}.name`, message: `you lack the permission ${action.permission} yourself` }];
  const use = action.kind === 'connector' ? action.connection : 'none';
  if (use === 'required' && connection === undefined)
    return [{ path: `${path}.connection`, message: `${name} needs a connection` }];
  if (use === 'none' && connection !== undefined)
    return [{ path: `${path}.connection`, message: `${name} takes no connection` }];
  return [];
}

/** Whoever publishes lets it write no memories that they could not write themselves. */
function memoryIssues({ services, actor }: DomainContext, { memory }: AgentDefinition): ErrorIssue[] {
  if (memory.writes.length === 0) return [];
  const { permission } = services.catalogue.action(memoryAction);
  const path = 'draft.memory.writes';
  if (!holdsPermission(actor, permission))
    return [{ path, message: `you lack the permission ${permission} yourself` }];
  const isShared = memory.writes.some((scope) => scope !== 'user');
  if (isShared && !holdsPermission(actor, 'agents:update'))
    return [{ path, message: 'you lack the permission agents:update, which memories of others need' }];
  return [];
}

async function connectionIssues(
  { db, services }: DomainContext,
  { actions, model }: AgentDefinition,
): Promise<ErrorIssue[]> {
  const wanted = [...actions.map(({ connection }) => connection), model?.connectionId].filter(
    (id): id is string => typeof id === 'string',
  );
  if (wanted.length === 0) return [];
  const found = await db
    .select({ id: connections.id, connector: connections.connector })
    .from(connections)
    .where(and(inArray(connections.id, wanted), isNull(connections.deletedAt)));
  const appOf = new Map(found.map(({ id, connector }) => [id, connector]));
  const issues = actions.flatMap(({ name, connection }, index): ErrorIssue[] => {
    const action = services.catalogue.actions.get(name);
    if (connection === undefined || action?.kind !== 'connector') return [];
    if (appOf.get(connection) === action.connector) return [];
    return [{ path: `draft.actions.${index}.connection`, message: `is none of ${action.connector}` }];
  });
  if (model?.connectionId) {
    const provider = services.catalogue.connectors.get(appOf.get(model.connectionId) ?? '');
    if (!provider?.models)
      issues.push({ path: 'draft.model.connectionId', message: 'is none of a provider of models' });
  }
  return issues;
}

async function delegateIssues(
  { db }: DomainContext,
  { delegates }: AgentDefinition,
  self: string,
): Promise<ErrorIssue[]> {
  if (delegates.length === 0) return [];
  const found = await db
    .select({ id: agents.id })
    .from(agents)
    .where(and(inArray(agents.id, delegates), isNull(agents.deletedAt)));
  const known = new Set(found.map(({ id }) => id));
  return delegates.flatMap((id, index) => {
    if (id === self) return [{ path: `draft.delegates.${index}`, message: 'is the agent itself' }];
    return known.has(id) ? [] : [{ path: `draft.delegates.${index}`, message: 'there is no such agent' }];
  });
}
