import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { RunningSimulator } from '#stack/simulator/start-simulator.js';
import { eventually } from '../eventually.js';
import type { BuilderApp } from './builder-app.js';

const WithId = z.object({ id: z.uuid() });

/** The key of simulators of tests. */
export const simulatorKey = 'sk-simulator-key';

/** A connection to a simulator, over which these of its models can be asked. Returns its id. */
export async function buildModels(
  app: BuilderApp,
  caller: Caller,
  simulator: RunningSimulator,
  models: readonly string[],
): Promise<string> {
  const { id } = WithId.parse(
    await app.perform(caller, 'connections.create', {
      connector: 'openai_compatible',
      name: 'Simulator',
      config: { baseUrl: simulator.openAiUrl, maxConcurrentCalls: 200 },
      secret: { apiKey: simulatorKey },
    }),
  );
  for (const model of models) {
    await app.perform(caller, 'ai_models.set', {
      provider: 'openai_compatible',
      model,
      title: model,
      contextTokens: 128_000,
      maxOutputTokens: 4_096,
      abilities: ['chat', 'tools', 'json_schema'],
      price: { input: 100, cachedInput: 10, output: 400 },
    });
  }
  return id;
}

/** An agent with this definition, published. Returns its id. */
export async function buildAgent(
  app: BuilderApp,
  caller: Caller,
  { name = 'Robin', ...draft }: { name?: string; instructions?: string } & Record<string, unknown>,
): Promise<string> {
  const given = { instructions: 'Help with tasks.', ...draft };
  const { id } = WithId.parse(await app.perform(caller, 'agents.create', { name, draft: given }));
  await app.perform(caller, 'agents.publish', { id });
  return id;
}

const Run = z.looseObject({ id: z.uuid(), status: z.string(), error: z.unknown(), costMinor: z.number() });
const Step = z.looseObject({
  number: z.int(),
  kind: z.string(),
  status: z.string(),
  tool: z.string().nullable(),
  waitsFor: z.string().nullable(),
  attempts: z.int(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
});
const Message = z.object({ role: z.string(), content: z.object({ inline: z.object({ text: z.string() }) }) });

export type ShownAgentRun = z.output<typeof Run>;

/** Begins a run with these words. Returns its id. */
export async function askAgent(
  app: BuilderApp,
  caller: Caller,
  agentId: string,
  text: string,
  { isTask = false }: { isTask?: boolean } = {},
): Promise<string> {
  return Run.parse(await app.perform(caller, 'agents.run', { id: agentId, text, isTask })).id;
}

/** Waits until a run has one of these states. */
export async function agentRunIs(
  app: BuilderApp,
  caller: Caller,
  runId: string,
  ...statuses: string[]
): Promise<ShownAgentRun> {
  return eventually(`run ${runId} is ${statuses.join(' or ')}`, async () => {
    const run = Run.parse(await app.perform(caller, 'agent_runs.get', { id: runId }));
    return statuses.includes(run.status) ? run : undefined;
  });
}

/** What was said in a run, as `role: text`. */
export async function wordsOf(app: BuilderApp, caller: Caller, runId: string): Promise<string[]> {
  const { items } = z
    .object({ items: z.array(Message) })
    .parse(await app.perform(caller, 'agent_runs.list_messages', { id: runId, limit: 200 }));
  return items.map(({ role, content }) => `${role}: ${content.inline.text}`);
}

/** The steps of a run. */
export async function stepsOf(
  app: BuilderApp,
  caller: Caller,
  runId: string,
): Promise<z.output<typeof Step>[]> {
  const { items } = z
    .object({ items: z.array(Step) })
    .parse(await app.perform(caller, 'agent_runs.list_steps', { id: runId, limit: 200 }));
  return items;
}

/** The open approval of a run. */
export async function openApproval(
  app: BuilderApp,
  caller: Caller,
  runId: string,
): Promise<{ id: string; call: { action: string; arguments: Record<string, unknown> } }> {
  const Page = z.object({
    items: z.array(
      z.looseObject({
        id: z.uuid(),
        agentRunId: z.uuid().nullable(),
        call: z.object({ action: z.string(), arguments: z.record(z.string(), z.unknown()) }).nullable(),
      }),
    ),
  });
  return eventually(`run ${runId} waits for an approval`, async () => {
    const { items } = Page.parse(await app.perform(caller, 'approvals.list', { status: 'open', mine: true }));
    const found = items.find(({ agentRunId }) => agentRunId === runId);
    return found?.call ? { id: found.id, call: found.call } : undefined;
  });
}
