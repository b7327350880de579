import type { Transaction } from '#db/client.js';
import { agentRuns } from '#db/schema/index.js';
import { timeOrderedId } from '../outbox.js';
import type { Services } from '../services.js';
import { writeMessage } from './agent-message.js';
import { wakeAgent } from './wake-agent.js';

export interface NewAgentRun {
  orgId: string;
  agentId: string;
  version: number;
  /** On whose behalf. */
  userId: string;
  /** What it is asked first. */
  text: string;
  /** It ends with its first answer. */
  isTask: boolean;
  /** How many agents and automations stand before it. */
  depth: number;
  /** The step of another agent's run that hands it on; it begins one run only. */
  parent?: { runId: string; step: number };
}

/** Characters of the first words that a run is called by. */
const titleLength = 120;

/**
 * Writes a run with the first word of a person, and has it begun by the dispatcher, which is told after the commit. Returns its id;
 * undefined where the step has begun one before.
 */
export async function beginRun(
  { files }: Pick<Services, 'files'>,
  transaction: Transaction,
  { orgId, agentId, version, userId, text, isTask, depth, parent }: NewAgentRun,
): Promise<string | undefined> {
  const runId = timeOrderedId();
  const [begun] = await transaction
    .insert(agentRuns)
    .values({
      ...{ orgId, id: runId, agentId, agentVersion: version, userId, isTask, depth, lastMessage: 1 },
      title: text.replace(/\s+/g, ' ').trim().slice(0, titleLength),
      ...(parent && { parentRunId: parent.runId, parentStep: parent.step }),
    })
    .onConflictDoNothing()
    .returning({ id: agentRuns.id });
  if (!begun) return undefined;
  const first = { number: 1, role: 'user' as const, userId, content: { text } };
  await writeMessage(files(orgId, transaction), transaction, { orgId, runId }, first);
  await wakeAgent(transaction, orgId, runId);
  return runId;
}
