import { and, asc, eq, inArray } from 'drizzle-orm';
import { fence } from '#core/agents/fence.js';
import { systemPrompt } from '#core/agents/system-prompt.js';
import { ErrorRecordForModel, type ToolResult, toolResultText } from '#core/agents/tool-result.js';
import type { ModelMessage } from '#core/ai/message.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { agentSteps, members, organizations, roles, users } from '#db/schema/index.js';
import { StoredValue, unpackValue } from '../packing.js';
import type { Services } from '../services.js';
import { type OpenMessage, readMessages } from './agent-message.js';
import type { OpenRun, RunPlace } from './agent-run.js';
import { readMemories } from './read-memories.js';

/** A message of the conversation as a model is told of it, with what its tools gave. */
export interface ToldPart {
  /** Of the message; of a summary, that of the last message that it stands for. */
  number: number;
  isSummary: boolean;
  messages: readonly ModelMessage[];
}

/** Everything that the model of a run is told, in its order: who it is, and the parts of the conversation. */
export async function buildMessages(
  { files, vault }: Pick<Services, 'files' | 'vault'>,
  transaction: Transaction,
  place: RunPlace,
  open: OpenRun,
): Promise<{ system: ModelMessage; parts: ToldPart[] }> {
  const store = files(place.orgId, transaction);
  const mark = markOf(vault, place.runId);
  const messages = await readMessages(store, transaction, place);
  const results = await readResults(store, transaction, place, messages);
  const parts = messages.map((message) => ({
    number: message.number,
    isSummary: message.role === 'summary',
    messages: toModelMessages(message, results, mark),
  }));
  const prompt = await promptOf(transaction, place, open, mark);
  const asked = messages.findLast(({ role }) => role === 'user')?.text ?? '';
  const memories = await readMemories(transaction, open, asked);
  const known = memories === '' ? [] : [`What you remember of before:\n${fence(mark, 'memory', memories)}`];
  return { system: { role: 'system', text: [prompt, ...known].join('\n\n') }, parts };
}

/** What outside text is marked with: it stays the same for a run, and nobody outside can tell it. */
export function markOf(vault: Services['vault'], runId: string): string {
  return vault.macs(`agent-run:${runId}`)[0].slice(0, 12);
}

function toModelMessages(
  { role, text, step, toolCalls }: OpenMessage,
  results: ReadonlyMap<string, ToolResult>,
  mark: string,
): ModelMessage[] {
  if (role === 'user') return [{ role: 'user', text }];
  if (role === 'summary')
    return [{ role: 'user', text: `What was said before, in short:\n${fence(mark, 'summary', text)}` }];
  const given = toolCalls.map(({ id, name }): ModelMessage => {
    const result = results.get(`${step}:${id}`);
    const isError = result === undefined || 'error' in result;
    const shown = toolResultText(result);
    return { role: 'tool', toolCallId: id, name, text: isError ? shown : fence(mark, name, shown), isError };
  });
  return [{ role: 'assistant', text, toolCalls }, ...given];
}

/** What tools gave, by the step of the model that asked for it and the id of the call. */
async function readResults(
  store: ReturnType<Services['files']>,
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  messages: readonly OpenMessage[],
): Promise<Map<string, ToolResult>> {
  const asked = messages.flatMap(({ step, toolCalls }) =>
    step !== null && toolCalls.length > 0 ? [step] : [],
  );
  if (asked.length === 0) return new Map();
  const rows = await transaction
    .select({
      modelStep: agentSteps.modelStep,
      toolCallId: agentSteps.toolCallId,
      status: agentSteps.status,
      output: agentSteps.output,
      error: agentSteps.error,
    })
    .from(agentSteps)
    .where(
      and(eq(agentSteps.orgId, orgId), eq(agentSteps.runId, runId), inArray(agentSteps.modelStep, asked)),
    )
    .orderBy(asc(agentSteps.number));
  const results = new Map<string, ToolResult>();
  for (const { modelStep, toolCallId, status, output, error } of rows) {
    const result =
      status === 'succeeded'
        ? { value: await unpackValue(store, StoredValue.parse(output)) }
        : { error: ErrorRecordForModel.parse(error ?? { code: 'conflict', message: `It was ${status}` }) };
    results.set(`${modelStep}:${toolCallId}`, result);
  }
  return results;
}

async function promptOf(
  transaction: Transaction,
  { orgId }: RunPlace,
  { run, agent, definition }: OpenRun,
  mark: string,
): Promise<string> {
  const [row] = await transaction
    .select({
      organization: organizations.name,
      timeZone: organizations.timeZone,
      name: users.name,
      role: roles.name,
    })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.orgId, orgId), eq(members.userId, run.userId)));
  const { organization = '', timeZone = 'UTC', name = '', role = '' } = row ?? {};
  return systemPrompt(definition, {
    agent: agent.name,
    organization,
    person: { name, role },
    now: localNow(timeZone),
    mark,
  });
}

/** To the hour, so that a provider may keep the beginning of the conversation in its cache. */
function localNow(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
  });
  return `${parts.format(new Date())} h, ${timeZone}`;
}
