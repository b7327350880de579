import { and, eq, sql } from 'drizzle-orm';
import { fence, fenceRule } from '#core/agents/fence.js';
import { likelyInputTokens, likelyTokens } from '#core/ai/likely-tokens.js';
import type { ModelMessage } from '#core/ai/message.js';
import type { ToolDescription } from '#core/ai/model-provider.js';
import { agentSteps } from '#db/schema/index.js';
import { openModels } from '../ai/chosen-models.js';
import { complete } from '../ai/gateway.js';
import type { Actor } from '../caller.js';
import type { Services } from '../services.js';
import { writeMessage } from './agent-message.js';
import { changeRun, type OpenRun, openRun, type RunPlace } from './agent-run.js';
import { readStep } from './agent-step.js';
import { markOf, type ToldPart } from './build-messages.js';

/** Of its context, how much a model is told at most before older messages are summed up, and how much of the newest stays as it is. */
const fullShare = 0.6;
const keptShare = 0.2;
/** Characters of one message that the summary is made of. */
const maxOfOne = 6_000;
const summaryTokens = 1_500;

const task =
  'You sum up a conversation between a person and an agent, so that the agent can go on without it. Keep what the person wants, what was done with which results (ids, names, numbers), what was decided, and what is left. Leave out greetings and attempts that failed. Write plain text, at most 800 words.';

interface Told {
  actor: Actor;
  open: OpenRun;
  step: number;
  /** What the model would be told, in parts that belong together. */
  parts: readonly ToldPart[];
  system: ModelMessage;
  tools: readonly ToolDescription[];
}

/**
 * Sums up the older part of a conversation that has become too long for its model, as a message of its own; what it stands for
 * stays readable. The call is charged and logged as any other. Returns whether there is a new summary. Throws what the gateway throws.
 */
export async function compact(
  services: Services,
  place: RunPlace,
  { actor, open, step, parts, system, tools }: Told,
  signal: AbortSignal,
): Promise<boolean> {
  const { orgId, runId } = place;
  const { run, definition } = open;
  const [model] = await services.database.withOrg(orgId, (transaction) =>
    openModels(services, transaction, { orgId, purpose: 'chat', wanted: definition.model ?? undefined }),
  );
  const messages = parts.flatMap((part) => part.messages);
  const told = likelyInputTokens([system, ...messages], tools);
  if (told <= model.contextTokens * fullShare) return false;
  const older = olderParts(parts, model.contextTokens * keptShare);
  const last = older.at(-1);
  const summedUp = parts.find(({ isSummary }) => isSummary)?.number ?? 0;
  if (!last || last.number <= summedUp) return false;
  const mark = markOf(services.vault, runId);
  const text = fence(mark, 'conversation', transcript(older, model.contextTokens * fullShare));
  const reply = await complete(
    services,
    {
      actor,
      purpose: 'chat',
      agent: { id: run.agentId, version: run.agentVersion },
      run: { id: runId, step: String(step) },
    },
    {
      messages: [
        { role: 'system', text: `${task}\n\n${fenceRule(mark)}` },
        { role: 'user', text: `Sum up this conversation:\n${text}` },
      ],
      maxOutputTokens: summaryTokens,
      ...(definition.model && { model: definition.model }),
    },
    { signal },
  );
  return services.database.withOrg(orgId, async (transaction) => {
    const { run: now } = await openRun(transaction, place, { isLocked: true });
    const row = await readStep(transaction, place, step);
    if (row?.status !== 'running') return false;
    const number = now.lastMessage + 1;
    const content = { text: reply.text, upTo: last.number };
    await writeMessage(services.files(orgId, transaction), transaction, place, {
      ...{ number, role: 'summary', step, content },
    });
    await changeRun(transaction, place, { lastMessage: number });
    await transaction
      .update(agentSteps)
      .set({
        cost: sql`${agentSteps.cost} + ${reply.cost}`,
        inputTokens: sql`${agentSteps.inputTokens} + ${reply.usage.inputTokens}`,
        outputTokens: sql`${agentSteps.outputTokens} + ${reply.usage.outputTokens}`,
      })
      .where(and(eq(agentSteps.orgId, orgId), eq(agentSteps.runId, runId), eq(agentSteps.number, step)));
    return true;
  });
}

/** All but the newest that fit; of these, the last one at least. */
function olderParts(parts: readonly ToldPart[], room: number): readonly ToldPart[] {
  let left = room;
  let first = parts.length - 1;
  left -= likelyInputTokens(parts[first]?.messages ?? []);
  while (first > 0) {
    left -= likelyInputTokens(parts[first - 1]?.messages ?? []);
    if (left < 0) break;
    first -= 1;
  }
  return parts.slice(0, Math.max(0, first));
}

/** The conversation as text, within so many tokens; of what is too long, the middle is left out. */
function transcript(parts: readonly ToldPart[], room: number): string {
  const texts = parts.flatMap(({ messages }) =>
    messages.map((message) => {
      const calls = message.role === 'assistant' ? message.toolCalls : [];
      const asked = calls.map(({ name, arguments: given }) => `\n[calls ${name} with ${given}]`).join('');
      return `${message.role}: ${shorten(message.text + asked, maxOfOne)}`;
    }),
  );
  let share = maxOfOne;
  let text = texts.join('\n\n');
  while (likelyTokens(text) > room && share > 100) {
    share = Math.floor(share / 2);
    const most = share;
    text = texts.map((one) => shorten(one, most)).join('\n\n');
  }
  return shorten(text, Math.floor(room * 3));
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)} … ${text.slice(-half)}`;
}
