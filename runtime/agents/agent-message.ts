import { and, asc, desc, eq, gt, lte, ne, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { ToolCall } from '#core/ai/message.js';
import type { FileStore } from '#core/connector.js';
import type { Transaction } from '#db/client.js';
import { agentMessages } from '#db/schema/index.js';
import { packValue, StoredValue, unpackValue } from '../packing.js';
import type { RunPlace } from './agent-run.js';

/** What a person says. */
export const UserContent = z.object({ text: z.string() });

/** What a model says, and which tools it wants. */
export const AssistantContent = z.object({ text: z.string(), toolCalls: z.array(ToolCall).default([]) });

/** What stands for all messages up to a number, beside the person's last words among them. */
export const SummaryContent = z.object({ text: z.string(), upTo: z.int() });

export type AgentMessageRow = typeof agentMessages.$inferSelect;

/** Writes a message of a run. Its number is the caller's to choose, within a transaction that has the run's row. */
export async function writeMessage(
  files: FileStore,
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  message: Pick<AgentMessageRow, 'number' | 'role'> & { userId?: string; step?: number; content: unknown },
): Promise<void> {
  const { number, role, userId = null, step = null, content } = message;
  await transaction
    .insert(agentMessages)
    .values({ orgId, runId, number, role, userId, step, content: await packValue(files, content) });
}

export interface OpenMessage extends Pick<AgentMessageRow, 'number' | 'role' | 'step' | 'userId'> {
  text: string;
  toolCalls: z.output<typeof ToolCall>[];
}

/**
 * What of a conversation a model is told: the last summary, which stands for what was said before it, with the person's last words among
 * that, as they were; and the messages since. What the summary brings has the number of the last message that it stands for.
 */
export async function readMessages(
  files: FileStore,
  transaction: Transaction,
  { orgId, runId }: RunPlace,
): Promise<OpenMessage[]> {
  const own = and(eq(agentMessages.orgId, orgId), eq(agentMessages.runId, runId));
  const newest = async (what: SQL | undefined) => {
    const [row] = await transaction
      .select()
      .from(agentMessages)
      .where(and(own, what))
      .orderBy(desc(agentMessages.number))
      .limit(1);
    return row;
  };
  const summary = await newest(eq(agentMessages.role, 'summary'));
  const { upTo } = summary ? SummaryContent.parse(await open(files, summary)) : { upTo: 0 };
  const words =
    summary && (await newest(and(eq(agentMessages.role, 'user'), lte(agentMessages.number, upTo))));
  const rows = await transaction
    .select()
    .from(agentMessages)
    .where(and(own, gt(agentMessages.number, upTo), ne(agentMessages.role, 'summary')))
    .orderBy(asc(agentMessages.number));
  const before = [summary, words].flatMap((row) => (row ? [{ ...row, number: upTo }] : []));
  return Promise.all(
    [...before, ...rows].map(async (row) => {
      const { number, role, step, userId } = row;
      return { number, role, step, userId, ...AssistantContent.parse(await open(files, row)) };
    }),
  );
}

function open(files: FileStore, { content }: AgentMessageRow): Promise<unknown> {
  return unpackValue(files, StoredValue.parse(content));
}
