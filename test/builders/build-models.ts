import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ModelChoice } from '#runtime/ai/chosen-models.js';
import type { ModelUse } from '#runtime/ai/model-use.js';
import type { Caller } from '#runtime/caller.js';
import type { ScriptInput } from '#stack/simulator/script.js';
import { type RunningSimulator, startSimulator } from '#stack/simulator/start-simulator.js';
import { onTestsEnd } from '../closing.js';
import { type BuiltOrganization, buildOrganization } from './build-organization.js';
import type { BuilderApp } from './builder-app.js';

export const modelKey = 'sk-key-of-models-in-tests';

export type ModelProviderName = 'openai' | 'anthropic' | 'openai_compatible';

const WithId = z.object({ id: z.uuid() });

let simulator: Promise<RunningSimulator> | undefined;

/** The simulator of model providers that tests share, started when first asked for. */
export function testModels(): Promise<RunningSimulator> {
  simulator ??= startSimulator({ key: modelKey, isForTests: true }).then((running) => {
    onTestsEnd(running.close);
    return running;
  });
  return simulator;
}

/** A connection of an organization to the simulator, by the protocol of a provider. Returns its id. */
export async function connectModels(
  app: BuilderApp,
  caller: Caller,
  connector: ModelProviderName,
  { maxConcurrentCalls = 200, apiKey = modelKey } = {},
): Promise<string> {
  const { origin, openAiUrl } = await testModels();
  const baseUrl = connector === 'anthropic' ? origin : openAiUrl;
  const made = await app.perform(caller, 'connections.create', {
    connector,
    name: `Models by ${connector}`,
    config: { baseUrl, maxConcurrentCalls },
    secret: { apiKey },
  });
  return WithId.parse(made).id;
}

/** What the models of tests cost: with output ten times as dear as input, in minor units for a million tokens. */
export const testPrice = { input: 1_000, cachedInput: 100, output: 10_000 };

/** Gives the simulator a script, and tells the organization of the model that it makes. Returns the model's name. */
export async function buildScriptedModel(
  app: BuilderApp,
  caller: Caller,
  provider: ModelProviderName,
  script: Omit<ScriptInput, 'name'>,
  facts: { price?: typeof testPrice; maxOutputTokens?: number } = {},
): Promise<string> {
  const name = randomUUID();
  (await testModels()).putScript({ name, ...script });
  const model = `scripted:${name}`;
  await app.perform(caller, 'ai_models.set', {
    provider,
    model,
    title: 'Scripted',
    contextTokens: 100_000,
    maxOutputTokens: 1_000,
    abilities: ['chat', 'tools', 'json_schema'],
    price: testPrice,
    ...facts,
  });
  return model;
}

/** An organization that uses models: of whom the gateway is told, and what it has chosen to converse with. */
export interface ModelOrganization extends BuiltOrganization {
  use: ModelUse;
}

export async function buildModelOrganization(app: BuilderApp): Promise<ModelOrganization> {
  const organization = await buildOrganization(app);
  const { orgId, userId } = organization;
  return {
    ...organization,
    use: { actor: { orgId, kind: 'user', id: userId, userId }, purpose: 'chat' },
  };
}

export async function chooseModels(
  app: BuilderApp,
  caller: Caller,
  models: readonly ModelChoice[],
): Promise<void> {
  await app.perform(caller, 'ai_choices.set', { purpose: 'chat', models });
}

const Calls = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      provider: z.string(),
      model: z.string(),
      outcome: z.string(),
      costMinor: z.number(),
      isEstimated: z.boolean(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      firstTokenMs: z.int().nullable(),
    }),
  ),
});

export type ListedCall = z.output<typeof Calls>['items'][number];

/** The calls of an organization, oldest first. */
export async function listModelCalls(
  app: BuilderApp,
  caller: Caller,
  filter: object = {},
): Promise<ListedCall[]> {
  return Calls.parse(await app.perform(caller, 'ai_calls.list', { sort: 'createdAt', limit: 200, ...filter }))
    .items;
}

const Spending = z.object({
  items: z.array(
    z.object({
      budgetId: z.uuid(),
      subjectId: z.uuid(),
      spentMinor: z.number(),
      reservedMinor: z.number(),
      limitMinor: z.int(),
      isCurrent: z.boolean(),
      warnedAt: z.string().nullable(),
    }),
  ),
});

export async function listSpendingOf(app: BuilderApp, caller: Caller, filter: object = {}) {
  return Spending.parse(await app.perform(caller, 'budgets.list_spending', filter)).items;
}

/** A budget of the whole organization for all time unless it is said otherwise. Returns its id. */
export async function buildBudget(app: BuilderApp, caller: Caller, given: object): Promise<string> {
  const whole = { name: 'Whole', scope: 'organization', period: 'total', limitMinor: 1_000 };
  return WithId.parse(await app.perform(caller, 'budgets.create', { ...whole, ...given })).id;
}
