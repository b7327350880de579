import { createHash } from 'node:crypto';
import type { CompiledAutomation } from '#core/automation/compile.js';
import type { AutomationDefinition } from '#core/automation/definition.js';
import { canonicalJson } from '#core/canonical-json.js';
import { automationVersions, grants } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';

export interface NewVersion extends Pick<CompiledAutomation, 'plan' | 'scopes'> {
  automationId: string;
  /** Below 0: made of a draft to test it. */
  version: number;
  note: string;
  definition: AutomationDefinition;
}

/**
 * Writes an immutable version, with a grant for the permissions of its actions on behalf of the caller. What is pinned is
 * not part of it. Returns the grant's id.
 */
export async function writeVersion({ db, actor }: DomainContext, made: NewVersion): Promise<string> {
  const { automationId, version, plan, scopes, note } = made;
  const { pinned: _, ...definition } = made.definition;
  const { orgId, userId } = actor;
  const grantId = timeOrderedId();
  await db.insert(grants).values({
    orgId,
    id: grantId,
    principalKind: 'automation',
    principalId: automationId,
    onBehalfOf: userId,
    scopes: [...scopes],
  });
  await db.insert(automationVersions).values({
    orgId,
    automationId,
    version,
    definition,
    plan,
    hash: createHash('sha256').update(canonicalJson(definition)).digest('hex'),
    isLight: plan.isLight,
    grantId,
    publishedBy: userId,
    note,
  });
  return grantId;
}
