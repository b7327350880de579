import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { type Model, ModelFacts, type ModelName } from '#core/ai/model.js';
import { demoModel, knownModels } from '#core/ai/model-catalogue.js';
import { aiModels, connections } from '#db/schema/index.js';
import { modelColumns } from '#runtime/ai/find-model.js';
import type { DomainContext } from '#runtime/domain.js';
import type { ModelEntry } from './model.js';

/** The model that everybody knows by this name, if there is one. */
export function knownModel({ provider, model }: ModelName): Model | undefined {
  return knownModels.find((one) => one.provider === provider && one.model === model);
}

/** All models of an organization, those it has entered in place of those that are known, by provider and name. */
export async function readModels({ db, actor, services }: DomainContext): Promise<ModelEntry[]> {
  const rows = await db
    .select({ provider: aiModels.provider, model: aiModels.model, ...modelColumns })
    .from(aiModels)
    .where(eq(aiModels.orgId, actor.orgId));
  const own = rows.map(({ provider, model, ...facts }) => ({ provider, model, ...ModelFacts.parse(facts) }));
  const isOwn = new Set(own.map(keyOf));
  const known = new Set(knownModels.map(keyOf));
  const reaching = await readConnections({ db, actor, services });
  return [...own, ...knownModels.filter((model) => !isOwn.has(keyOf(model)))]
    .map((model) => ({
      ...model,
      isOwn: isOwn.has(keyOf(model)),
      isKnown: known.has(keyOf(model)),
      connections: reaching.get(model.provider) ?? [],
    }))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** By what a list of models is ordered, and where a page of it ends. */
export function keyOf({ provider, model }: ModelName): string {
  return `${provider} ${model}`;
}

/** The connections of the organization to each provider of models. */
async function readConnections({
  db,
  actor,
  services,
}: Pick<DomainContext, 'db' | 'actor' | 'services'>): Promise<
  ReadonlyMap<string, ModelEntry['connections']>
> {
  const { catalogue, configuration } = services;
  const providers = [...catalogue.connectors.values()].filter(({ models }) => models);
  const rows = await db
    .select({ id: connections.id, name: connections.name, connector: connections.connector })
    .from(connections)
    .where(
      and(
        eq(connections.orgId, actor.orgId),
        isNull(connections.deletedAt),
        inArray(
          connections.connector,
          providers.map(({ name }) => name),
        ),
      ),
    )
    .orderBy(asc(connections.name), asc(connections.id));
  const found = new Map<string, ModelEntry['connections']>();
  for (const { id, name, connector } of rows)
    found.set(connector, [...(found.get(connector) ?? []), { id, name }]);
  if (configuration.DEMO_MODEL_URL !== undefined)
    found.set(demoModel.provider, [{ id: null, name: catalogue.connector(demoModel.provider).title }]);
  return found;
}
