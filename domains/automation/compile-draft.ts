import { eq, isNull } from 'drizzle-orm';
import type { CheckedAutomation } from '#core/automation/check-references.js';
import { type CompiledAutomation, compileAutomation, unpublishable } from '#core/automation/compile.js';
import { AutomationDefinition } from '#core/automation/definition.js';
import { nodeIssue } from '#core/automation/graph.js';
import type { KnownAutomation } from '#core/automation/known-automation.js';
import { kindOf } from '#core/automation/nodes/index.js';
import { WebhookTriggerInput } from '#core/automation/triggers/webhook.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { connections } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import type { Services } from '#runtime/services.js';
import { validate } from '#runtime/validate.js';
import { checkApprovers } from './check-approvers.js';
import { knownAutomations } from './known-automations.js';
import { withNode } from './node-of-path.js';
import { variableNames } from './variables.js';

/** Where a draft stands among the automations of the organization. */
export interface DraftPlace {
  /** The automation that it is of, where that has been saved. */
  self?: CheckedAutomation;
  /** Automations that will be saved with it, as drafts. */
  planned?: readonly CheckedAutomation[];
}

/**
 * Checks a definition against what the caller may use here and now. Throws `validation`, an issue for each mistake.
 */
export async function compileDraft(
  { db, actor, services }: DomainContext,
  draft: unknown,
  { self, planned = [] }: DraftPlace = {},
): Promise<CompiledAutomation & { definition: AutomationDefinition }> {
  const definition = parseDraft(draft);
  const rows = await db
    .select({ id: connections.id, connector: connections.connector })
    .from(connections)
    .where(isNull(connections.deletedAt));
  const { actions, triggers, events } = services.catalogue;
  const compiled = compileAutomation(definition, {
    actions,
    triggers,
    events,
    connections: new Map(rows.map(({ id, connector }) => [id, connector])),
    variables: await variableNames(db),
    automations: withPlanned(await knownAutomations(db, actor.orgId, definition), planned),
    ...(self && { self }),
    nowMs: Date.now(),
    mayUse: (permission) => holdsPermission(actor, permission),
  });
  await checkInputs(definition, actions);
  await checkApprovers(db, definition);
  await checkTriggerSecret(db, services, definition);
  return { ...compiled, definition };
}

/** Lets actions look at the inputs that they would get. Throws `validation`. */
async function checkInputs(
  definition: AutomationDefinition,
  actions: DomainContext['services']['catalogue']['actions'],
): Promise<void> {
  const found = await Promise.all(
    definition.nodes.map(async (node) => {
      const call = kindOf(node).actionOf?.(node);
      const action = call && actions.get(call.action);
      if (!call || !action || !('check' in action) || !action.check) return [];
      const problems = await action.check(call.input);
      return problems.map(({ path, message }) => nodeIssue(definition, node.id, `input.${path}`, message));
    }),
  );
  const issues = found.flat();
  if (issues.length > 0) throw unpublishable(issues);
}

/** What keeps a definition from being published here and now; empty if nothing does. */
export async function issuesOf(
  context: DomainContext,
  draft: unknown,
  place: DraftPlace = {},
): Promise<ErrorIssue[]> {
  try {
    await compileDraft(context, draft, place);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'validation') return [...error.issues];
    throw error;
  }
}

function parseDraft(draft: unknown): AutomationDefinition {
  try {
    return validate(AutomationDefinition, draft);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const issues = error.issues.map((issue) => withNode(draft, issue));
    throw new AppError(error.code, error.message, { issues, cause: error });
  }
}

function withPlanned(
  known: Map<string, KnownAutomation>,
  planned: readonly CheckedAutomation[],
): Map<string, KnownAutomation> {
  for (const { id, name } of planned) {
    const unknown = { inputSchema: undefined, outputSchema: undefined, calls: [] };
    if (!known.has(id)) known.set(id, { id, name, status: 'draft', ...unknown });
  }
  return known;
}

/** Throws `validation` if the connection of a webhook proves senders in another way than the trigger says. */
async function checkTriggerSecret(
  db: Transaction,
  { catalogue, vault }: Services,
  { trigger }: AutomationDefinition,
): Promise<void> {
  if (trigger.type !== 'webhook' || trigger.connection === undefined) return;
  const { auth } = WebhookTriggerInput.parse(trigger.input);
  const [row] = await db.select().from(connections).where(eq(connections.id, trigger.connection));
  if (!row || row.secret === null) return;
  const secret = vault.open({ orgId: row.orgId, rowId: row.id }, row.secret);
  const scheme = catalogue.connector(row.connector).requestCheck?.schemeOf(secret);
  if (scheme === auth) return;
  const message = `is ${auth}, but the connection is for ${scheme}`;
  throw unpublishable([{ node: 'trigger', path: 'trigger.input.auth', message }]);
}
