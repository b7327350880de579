import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { type MemoryScope, maxMemoryTokens } from '#core/agents/memory.js';
import { likelyTokens } from '#core/ai/likely-tokens.js';
import type { Transaction } from '#db/client.js';
import { agentMemories } from '#db/schema/index.js';
import type { OpenRun } from './agent-run.js';

/** Most memories that are looked at for one prompt. */
const maxCandidates = 200;

/**
 * The memories that a run is told of, as lines with their provenance: those that share words with what the person asks first, then the
 * newest, as many as fit. Empty where there are none.
 */
export async function readMemories(
  transaction: Transaction,
  { run, definition }: OpenRun,
  asked: string,
): Promise<string> {
  const known = definition.memory.reads.map((scope) => ownOf(scope, run));
  if (known.length === 0) return '';
  const rows = await transaction
    .select({
      id: agentMemories.id,
      scope: agentMemories.scope,
      text: agentMemories.text,
      writtenByAgentId: agentMemories.writtenByAgentId,
      updatedAt: agentMemories.updatedAt,
    })
    .from(agentMemories)
    .where(
      and(
        eq(agentMemories.orgId, run.orgId),
        sql`deleted_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
        or(...known),
      ),
    )
    .orderBy(desc(agentMemories.updatedAt), desc(agentMemories.id))
    .limit(maxCandidates);
  const wanted = wordsOf(asked);
  const ranked = rows
    .map((row) => ({ row, shared: wordsOf(row.text).filter((word) => wanted.includes(word)).length }))
    .sort((one, other) => other.shared - one.shared);
  const lines: string[] = [];
  let tokens = 0;
  for (const { row } of ranked) {
    const by = row.writtenByAgentId === null ? 'a person' : 'an agent';
    const line = `- (${row.scope}; by ${by}, ${row.updatedAt.slice(0, 10)}) ${row.text.replace(/\s+/g, ' ')}`;
    tokens += likelyTokens(line);
    if (tokens > maxMemoryTokens) break;
    lines.push(line);
  }
  return lines.join('\n');
}

function ownOf(scope: MemoryScope, { agentId, userId }: OpenRun['run']): SQL | undefined {
  const isScope = inArray(agentMemories.scope, [scope]);
  if (scope === 'organization') return isScope;
  return scope === 'agent'
    ? and(isScope, eq(agentMemories.agentId, agentId))
    : and(isScope, eq(agentMemories.userId, userId));
}

/** Its words of four letters and more: shorter ones are in every text. */
function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [])];
}
