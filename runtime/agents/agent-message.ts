import { and, asc, desc, eq, gte } from 'drizzle-orm';
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

/** The messages from the last summary on, which stands for those before it. */
export async function readMessages(
  files: FileStore,
  transaction: Transaction,
  { orgId, runId }: RunPlace,
): Promise<OpenMessage[]> {
  const own = and(eq(agentMessages.orgId, orgId), eq(agentMessages.runId, runId));
  const [summary] = await transaction
    .select({ number: agentMessages.number })
    .from(agentMessages)
    .where(and(own, eq(agentMessages.role, 'summary')))
    .orderBy(desc(agentMessages.number))
    .limit(1);
  const rows = await transaction
    .select()
    .from(agentMessages)
    .where(and(own, summary && gte(agentMessages.number, summary.number)))
    .orderBy(asc(agentMessages.number));
  return Promise.all(
    rows.map(async ({ number, role, step, userId, content }) => {
      const value = await unpackValue(files, StoredValue.parse(content));
      return { number, role, step, userId, ...AssistantContent.parse(value) };
    }),
  );
}
