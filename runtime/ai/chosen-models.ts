import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Model, ModelPurpose } from '#core/ai/model.js';
import { demoEmbeddingModel, demoModel } from '#core/ai/model-catalogue.js';
import type { ModelProvider } from '#core/ai/model-provider.js';
import type { ConnectorContext } from '#core/connector.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { aiModelChoices, aiSettings, connections } from '#db/schema/index.js';
import { openConnection } from '../connection.js';
import type { Services } from '../services.js';
import { findModel } from './find-model.js';

/** A model, and by which connection; null: the platform's demo model. */
export interface ModelChoice {
  connectionId: string | null;
  model: string;
}

/** A model that can be asked now. */
export interface OpenModel extends Model {
  connectionId: string | null;
  /** What limits how many calls are out: the connection, or `demo`. */
  lane: string;
  maxConcurrentCalls: number;
  models: ModelProvider;
  config: unknown;
  /** Opened by the vault; for this call only. */
  secret: unknown;
  /** By which way out it is reached. */
  ways: Pick<ConnectorContext, 'fetch' | 'stream'>;
}

const demoCalls = 64;

/**
 * The models to ask, the first first: the one that is `wanted`, else those that the organization has chosen for the
 * purpose, else the demo model where there is one. Throws `validation` for what can't be asked.
 */
export async function openModels(
  services: Services,
  transaction: Transaction,
  { orgId, purpose, wanted }: { orgId: string; purpose: ModelPurpose; wanted?: ModelChoice | undefined },
): Promise<[OpenModel, ...OpenModel[]]> {
  const chosen = wanted ? [wanted] : await readChoices(transaction, purpose);
  const choices = chosen.length > 0 ? chosen : await demoChoice(services, transaction, purpose);
  const [first, ...others] = await Promise.all(
    choices.map((choice) => openModel(services, transaction, orgId, choice)),
  );
  if (first) return [first, ...others];
  throw new AppError(
    'validation',
    'No model is chosen for this: connect a provider and choose one of its models',
    {
      issues: [{ path: 'model', message: `none is chosen for ${purpose}` }],
    },
  );
}

/** The organization's models for a purpose, whose connections still are. */
export function readChoices(transaction: Transaction, purpose: ModelPurpose): Promise<ModelChoice[]> {
  return transaction
    .select({ connectionId: aiModelChoices.connectionId, model: aiModelChoices.model })
    .from(aiModelChoices)
    .leftJoin(
      connections,
      and(eq(connections.orgId, aiModelChoices.orgId), eq(connections.id, aiModelChoices.connectionId)),
    )
    .where(and(eq(aiModelChoices.purpose, purpose), isNull(connections.deletedAt)))
    .orderBy(asc(aiModelChoices.rank));
}

async function demoChoice(
  { configuration }: Services,
  transaction: Transaction,
  purpose: ModelPurpose,
): Promise<ModelChoice[]> {
  if (configuration.DEMO_MODEL_URL === undefined) return [];
  const [[settings], [chosen]] = await Promise.all([
    transaction.select({ allowsDemo: aiSettings.allowsDemo }).from(aiSettings),
    transaction
      .select({ model: aiModelChoices.model })
      .from(aiModelChoices)
      .where(eq(aiModelChoices.purpose, purpose))
      .limit(1),
  ]);
  // Where the connections of all chosen ones are gone, the demo model is not what anybody wanted.
  if (settings?.allowsDemo === false || chosen) return [];
  return [{ connectionId: null, model: purpose === 'embed' ? demoEmbeddingModel.model : demoModel.model }];
}

/**
 * What is known of a model that somebody chooses. Throws `validation` naming `connectionId` where its connection is not
 * there or is none to a provider of models, and `model` where nothing is known of the model, or there is no demo model.
 */
export async function findChoice(
  services: Services,
  transaction: Transaction,
  orgId: string,
  { connectionId, model }: ModelChoice,
): Promise<Model> {
  if (connectionId === null)
    return findModel(transaction, orgId, { provider: openDemo(services).provider, model });
  const connector = await findProvider(services, transaction, connectionId);
  if (connector) return findModel(transaction, orgId, { provider: connector.name, model });
  const message = 'is no connection to a provider of language models';
  throw invalidField({ path: 'connectionId', message });
}

async function openModel(
  services: Services,
  transaction: Transaction,
  orgId: string,
  { connectionId, model }: ModelChoice,
): Promise<OpenModel> {
  const opened =
    connectionId === null ? openDemo(services) : await openProvider(services, transaction, connectionId);
  const facts = await findModel(transaction, orgId, { provider: opened.provider, model });
  return { ...facts, ...opened, connectionId };
}

type OpenProvider = Pick<
  OpenModel,
  'provider' | 'lane' | 'maxConcurrentCalls' | 'models' | 'config' | 'secret' | 'ways'
>;

/** Where the demo model is says the operator, so that it may be where nobody else may point to. */
function openDemo({ catalogue, configuration }: Services): OpenProvider {
  const { name, models } = catalogue.connector(demoModel.provider);
  if (!models || configuration.DEMO_MODEL_URL === undefined)
    throw invalidField({ path: 'model', message: 'there is no demo model here' });
  return {
    provider: name,
    lane: 'demo',
    maxConcurrentCalls: demoCalls,
    models,
    config: { baseUrl: configuration.DEMO_MODEL_URL },
    secret: { apiKey: configuration.DEMO_MODEL_KEY },
    ways: { fetch, stream: fetch },
  };
}

async function openProvider(
  services: Services,
  transaction: Transaction,
  connectionId: string,
): Promise<OpenProvider> {
  const connector = await findProvider(services, transaction, connectionId);
  if (!connector)
    throw invalidField({ path: 'model', message: 'its connection is gone, or not one of a model provider' });
  const call = { name: 'the model', connector: connector.name, connection: 'required' as const };
  const { config, secret } = await openConnection(services, transaction, call, connectionId);
  const { fetch, stream } = services.outgoing;
  const { maxConcurrentCalls } = config as { maxConcurrentCalls: number };
  return {
    provider: connector.name,
    lane: connectionId,
    maxConcurrentCalls,
    models: connector.models,
    config,
    secret,
    ways: { fetch, stream },
  };
}

/** The connector of a connection that is there, if it is one to a provider of models. */
async function findProvider({ catalogue }: Services, transaction: Transaction, connectionId: string) {
  const [row] = await transaction
    .select({ connector: connections.connector })
    .from(connections)
    .where(and(eq(connections.id, connectionId), isNull(connections.deletedAt)));
  const connector = row && catalogue.connectors.get(row.connector);
  return connector?.models ? { ...connector, models: connector.models } : undefined;
}
