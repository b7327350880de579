import { and, eq, inArray } from 'drizzle-orm';
import type { AutomationDefinition } from '#core/automation/definition.js';
import { isReference, type PackedValue } from '#core/automation/packed-value.js';
import { everyNode, type Plan, type PlanNode } from '#core/automation/plan.js';
import { isSettled } from '#core/automation/settled.js';
import { followersOf } from '#core/automation/test-run/plan-places.js';
import { type StepData, wayWith } from '#core/automation/test-run/step-data.js';
import type { FileStore } from '#core/connector.js';
import { AppError, type ErrorRecord, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { runSteps, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { packValue, StoredValue, unpackValue } from '#runtime/packing.js';
import type { TestRequest } from './test-automation.js';

/** Bytes of a value that travels with the plan; larger ones go by reference, so that a plan holds many. */
export const maxPackedSize = 1_024;

interface Compiled {
  definition: AutomationDefinition;
  plan: Plan;
  /** Nodes of the whole draft: those that are not tested may be pinned as well. */
  known: ReadonlySet<string>;
}

/**
 * What steps of a test run give instead of being performed: what the request pins, else what the draft has pinned, else
 * what they gave in the run that is named. Throws `validation` for a pinned output that the step can't have, or of a step
 * that is not there, and `not_found` for a run that is none of the automation.
 */
export async function givenData(
  context: DomainContext,
  { id, step, fromRun, pinned }: TestRequest,
  { definition, plan, known: ofDraft }: Compiled,
): Promise<Map<string, StepData>> {
  const { db, actor, services } = context;
  const files = services.files(actor.orgId, db);
  const nodes = everyNode(plan);
  const given = new Map<string, StepData>();
  if (fromRun !== undefined) {
    await requireRun(db, id, fromRun);
    const performed = followersOf(plan.nodes, step ?? '').add(step ?? '');
    for (const row of await stepsOfRun(db, fromRun, pinned.index)) {
      const node = nodes.find(({ id: nodeId }) => nodeId === row.nodeId);
      const isOutside = plan.nodes.some(({ id: nodeId }) => nodeId === row.nodeId);
      const iteration = isOutside ? '' : String(pinned.index ?? '');
      if (!node || performed.has(node.id) || row.iteration !== iteration || !isSettled(node, row.status))
        continue;
      const known = await ofRow(files, node, definition, row);
      if (known) given.set(node.id, known);
    }
  }
  const outputs = { ...definition.pinned?.steps, ...pinned.steps };
  for (const [nodeId, output] of Object.entries(outputs)) {
    if (nodeId === step) continue;
    const node = nodes.find((one) => one.id === nodeId);
    if (!node && ofDraft.has(nodeId)) continue;
    if (!node) throw refusal(nodeId, `there is no node ${nodeId}`);
    const known = await pin(files, node, definition, {
      status: 'succeeded',
      output: { inline: output },
      error: null,
    });
    if (!known) throw refusal(nodeId, `is nothing that ${nodeId} (${node.type}) can go on with`);
    given.set(nodeId, known);
  }
  return given;
}

type Outcome = Pick<StepData, 'status' | 'output' | 'error'>;

async function pin(
  files: FileStore,
  node: PlanNode,
  { nodes }: AutomationDefinition,
  outcome: Outcome,
): Promise<StepData | undefined> {
  const defined = nodes.find(({ id }) => id === node.id);
  const way = defined && wayWith(node, defined, outcome);
  if (way === undefined) return undefined;
  const { output } = outcome;
  return {
    ...outcome,
    way,
    output: isReference(output) ? output : await packValue(files, output.inline, maxPackedSize),
  };
}

/** Undefined for what the step, as it is now, could not have given. */
async function ofRow(
  files: FileStore,
  node: PlanNode,
  definition: AutomationDefinition,
  row: typeof runSteps.$inferSelect,
): Promise<StepData | undefined> {
  const stored: PackedValue = row.output === null ? { inline: null } : StoredValue.parse(row.output);
  // By which way a decision or an event was left can be seen in it only.
  const isRead = isReference(stored) && (node.type === 'approval' || node.type === 'wait');
  return pin(files, node, definition, {
    status: row.status === 'failed' ? 'failed' : 'succeeded',
    output: isRead ? { inline: await unpackValue(files, stored) } : stored,
    // A row's error is what an ErrorRecord was written as.
    error: row.error as ErrorRecord | null,
  });
}

async function requireRun(db: Transaction, automationId: string, id: string): Promise<void> {
  const [run] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, id), eq(runs.automationId, automationId)));
  if (!run) throw new AppError('not_found', 'There is no such run of the automation');
}

/** Steps outside of loops, and those in one pass of a loop. */
async function stepsOfRun(db: Transaction, runId: string, index: number | undefined) {
  const iterations = ['', ...(index === undefined ? [] : [String(index)])];
  return db
    .select()
    .from(runSteps)
    .where(and(eq(runSteps.runId, runId), inArray(runSteps.iteration, iterations)))
    .orderBy(runSteps.nodeId);
}

function refusal(nodeId: string, message: string): AppError {
  return invalidField({ node: nodeId, path: `pinned.steps.${nodeId}`, message });
}
