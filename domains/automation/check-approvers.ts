import { and, eq, inArray } from 'drizzle-orm';
import { unpublishable } from '#core/automation/compile.js';
import type { AutomationDefinition } from '#core/automation/definition.js';
import { nodeIssue } from '#core/automation/graph.js';
import type { Transaction } from '#db/client.js';
import { members, roles } from '#db/schema/index.js';

interface Asked {
  nodeId: string;
  /** Of the node, such as `escalation.to`. */
  path: string;
  users: readonly string[];
  roles: readonly string[];
}

/** Throws `validation` if an approval asks people who are not active members, or roles that there are not. */
export async function checkApprovers(db: Transaction, definition: AutomationDefinition): Promise<void> {
  const asked = definition.nodes.flatMap((node): Asked[] => {
    if (node.type !== 'approval') return [];
    const { id: nodeId, approvers, escalation } = node;
    const first = { nodeId, path: 'approvers', ...approvers };
    return escalation ? [first, { nodeId, path: 'escalation.to', ...escalation.to }] : [first];
  });
  if (asked.length === 0) return;
  const [people, keys] = await Promise.all([
    db
      .select({ userId: members.userId })
      .from(members)
      .where(
        and(
          eq(members.status, 'active'),
          inArray(
            members.userId,
            asked.flatMap(({ users }) => users),
          ),
        ),
      ),
    db.select({ key: roles.key }).from(roles),
  ]);
  const knownPeople = new Set(people.map(({ userId }) => userId));
  const knownRoles = new Set(keys.map(({ key }) => key));
  const issues = asked.flatMap(({ nodeId, path, users, roles: wanted }) => [
    ...users.flatMap((id, index) =>
      knownPeople.has(id)
        ? []
        : [nodeIssue(definition, nodeId, `${path}.users.${index}`, 'is no active member')],
    ),
    ...wanted.flatMap((key, index) =>
      knownRoles.has(key)
        ? []
        : [nodeIssue(definition, nodeId, `${path}.roles.${index}`, `there is no role ${key}`)],
    ),
  ]);
  if (issues.length > 0) throw unpublishable(issues);
}
