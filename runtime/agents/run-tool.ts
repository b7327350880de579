import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type AllowedAction, allowedActions } from '#core/agents/definition.js';
import { memoryAction } from '#core/agents/memory.js';
import { isOwnTool } from '#core/agents/tools.js';
import { AppError, type ErrorRecord, toErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { waits } from '#db/schema/index.js';
import { hubTopic } from '../hub/hub.js';
import { StoredValue, unpackValue } from '../packing.js';
import type { Perform } from '../perform/perform.js';
import type { Services } from '../services.js';
import { agentCaller } from './agent-caller.js';
import { changeRun, type OpenRun, openRun, type RunPlace } from './agent-run.js';
import { type AgentStepRow, changeStep, failStep, finishStep, readStep } from './agent-step.js';
import { askForApproval } from './ask-for-approval.js';
import { needsCare } from './needs-care.js';
import { performOwnTool } from './own-tool.js';

export interface ToolStep extends RunPlace {
  step: number;
}

export interface ToolAttempt {
  signal: AbortSignal;
  /** Whether this error is to be told to the model now, and not to be tried again. */
  isFinal(error: unknown): boolean;
}

interface OpenStep {
  open: OpenRun;
  row: AgentStepRow;
  input: Record<string, unknown>;
  approvalId: string | undefined;
}

const Arguments = z.record(z.string(), z.unknown());

/**
 * Performs one tool step of a run through the one door, with the agent's grant; the step ends in the transaction that has the result.
 * What needs consent waits for it. One that is done already is not done again. Throws what may be tried again; else the step
 * ends with the error, which the model is told.
 */
export async function runTool(
  services: Services,
  perform: Perform,
  { step, ...place }: ToolStep,
  attempt: ToolAttempt,
): Promise<void> {
  const { orgId, runId } = place;
  const opened = await services.database.withOrg(orgId, (transaction) =>
    begin(services, transaction, place, step),
  );
  if (!opened) return;
  try {
    const { tool } = opened.row;
    if (tool !== null && isOwnTool(tool)) {
      await services.database.withOrg(orgId, (transaction) =>
        performOwnTool(services, transaction, place, { ...opened, tool }),
      );
    } else await performAction(services, perform, place, opened, attempt.signal);
  } catch (error) {
    if (error instanceof AppError && error.code === 'approval_required')
      await askForApproval(services, place, opened);
    else if (attempt.isFinal(error)) await fail(services, place, step, toErrorRecord(error));
    else throw error;
  }
  services.hub.publish(hubTopic.agentRun(orgId, runId), { type: 'step', id: String(step) });
}

async function begin(
  services: Services,
  transaction: Transaction,
  place: RunPlace,
  step: number,
): Promise<OpenStep | undefined> {
  const row = await readStep(transaction, place, step);
  if (!row || (row.status !== 'pending' && row.status !== 'running')) return undefined;
  const startedAt = row.startedAt ?? new Date().toISOString();
  await changeStep(transaction, place, step, { status: 'running', attempts: row.attempts + 1, startedAt });
  const open = await openRun(transaction, place);
  const approved = await readApproved(transaction, place, step);
  const files = services.files(place.orgId, transaction);
  const input = Arguments.parse(
    approved?.arguments ?? (await unpackValue(files, StoredValue.parse(row.input))),
  );
  return { open, row, input, approvalId: approved?.id };
}

/** The consent to this step, with the arguments that were consented to. */
async function readApproved(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  step: number,
): Promise<{ id: string; arguments: unknown } | undefined> {
  const [wait] = await transaction
    .select({ id: waits.id, arguments: sql<unknown>`${waits.answer} -> 'arguments'` })
    .from(waits)
    .where(
      and(
        eq(waits.orgId, orgId),
        eq(waits.agentRunId, runId),
        eq(waits.nodeId, String(step)),
        eq(waits.status, 'answered'),
        sql`${waits.answer} ->> 'decision' = 'approved'`,
      ),
    );
  return wait;
}

async function performAction(
  services: Services,
  perform: Perform,
  place: RunPlace,
  { open, row, input, approvalId }: OpenStep,
  signal: AbortSignal,
): Promise<void> {
  const { orgId, runId } = place;
  const allowed = allowedAction(open, row);
  const action = services.catalogue.action(allowed.name);
  // What text from outside may have brought about is not to last without somebody's consent.
  const isLasting = action.name === memoryAction && open.run.isTainted;
  const approval =
    isLasting || (await needsCare(services, place, { open, action, input })) ? 'always' : allowed.approval;
  await perform(agentCaller(open, { approval, approvalId }), allowed.name, input, {
    idempotencyKey: `${runId}:${row.number}`,
    signal,
    ...(allowed.connection !== undefined && { connectionId: allowed.connection }),
    alsoRecord: async (transaction, { output }) => {
      // That of the output was asked when it was kept under the step's key.
      const files = services.files(orgId, transaction).withoutQuota;
      await finishStep(files, transaction, place, row.number, output);
      if (!open.run.isTainted && action.name !== memoryAction)
        await changeRun(transaction, place, { isTainted: true });
    },
  });
}

function allowedAction({ definition }: OpenRun, { action }: AgentStepRow): AllowedAction {
  const allowed = allowedActions(definition).find(({ name }) => name === action);
  if (!allowed) throw new AppError('forbidden', 'The agent has no such tool');
  return allowed;
}

async function fail(
  { database }: Services,
  place: RunPlace,
  step: number,
  error: ErrorRecord,
): Promise<void> {
  await database.withOrg(place.orgId, (transaction) => failStep(transaction, place, step, error));
}
