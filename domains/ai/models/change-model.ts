import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { ModelFacts, type ModelName } from '#core/ai/model.js';
import { AppError, invalidField } from '#core/errors.js';
import { aiModels } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { requireOfUse } from './chosen-purposes.js';
import { ModelEntry, modelName } from './model.js';
import { keyOf, knownModel, readModels } from './read-models.js';

/** Models that an organization enters at most. */
const maxModels = 200;

/**
 * Says what is to be known of a model, one of one's own or one whose price differs. Throws `conflict` where it is chosen
 * for what it could not do any more.
 */
export const setModel = defineAction({
  name: 'ai_models.set',
  title: 'Enter language model',
  description: 'Says what a language model can do and what it costs, for this organization.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'put', path: '/ai/models' },
  input: z.strictObject({ ...modelName, ...ModelFacts.shape }),
  output: ModelEntry,
  async run(context: DomainContext, { provider, model, ...facts }) {
    const { db, actor } = context;
    const { orgId, userId: updatedBy } = actor;
    requireProvider(context, provider);
    requireConsistent(facts);
    await lockOrganization(db, orgId);
    const before = await readModel(context, { provider, model });
    if (!before?.isOwn) await requireRoom(context);
    await requireOfUse(db, orgId, { provider, model }, facts.abilities);
    const target = [aiModels.orgId, aiModels.provider, aiModels.model];
    const set = { ...facts, updatedBy, updatedAt: new Date().toISOString() };
    await db
      .insert(aiModels)
      .values({ orgId, provider, model, ...set })
      .onConflictDoUpdate({ target, set });
    context.audit({ ...(before && { before }), after: { provider, model, ...facts } });
    return requireModel(await readModel(context, { provider, model }));
  },
});

/**
 * Forgets what the organization has said of a model. Throws `not_found` where it has said nothing, and `conflict` where
 * the model is chosen and nothing else is known of it.
 */
export const resetModel = defineAction({
  name: 'ai_models.reset',
  title: 'Reset language model',
  description:
    'Forgets what the organization has entered of a language model. What is known of it holds again.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'post', path: '/ai/models/reset' },
  input: z.strictObject(modelName),
  output: z.object({
    removed: ModelEntry.describe('Enter it to have it back'),
    model: ModelEntry.nullable(),
  }),
  async run(context: DomainContext, name) {
    const { db, actor } = context;
    await lockOrganization(db, actor.orgId);
    const before = await readModel(context, name);
    if (!before?.isOwn) throw new AppError('not_found', 'The organization has entered no such model');
    await requireOfUse(db, actor.orgId, name, knownModel(name)?.abilities ?? []);
    await db
      .delete(aiModels)
      .where(
        and(
          eq(aiModels.orgId, actor.orgId),
          eq(aiModels.provider, name.provider),
          eq(aiModels.model, name.model),
        ),
      );
    const after = (await readModel(context, name)) ?? null;
    context.audit({ before, ...(after && { after }) });
    return { removed: before, model: after };
  },
});

async function readModel(context: DomainContext, name: ModelName): Promise<ModelEntry | undefined> {
  return (await readModels(context)).find((model) => keyOf(model) === keyOf(name));
}

function requireModel(model: ModelEntry | undefined): ModelEntry {
  if (!model) throw new AppError('internal', 'The model was not written');
  return model;
}

function requireProvider({ services }: DomainContext, provider: string): void {
  if (services.catalogue.connectors.get(provider)?.models) return;
  throw invalidField({ path: 'provider', message: 'is no connector to a provider of language models' });
}

function requireConsistent({ abilities, maxOutputTokens, contextTokens }: ModelFacts): void {
  if (new Set(abilities).size < abilities.length)
    throw invalidField({ path: 'abilities', message: 'names one twice' });
  if (maxOutputTokens > contextTokens)
    throw invalidField({ path: 'maxOutputTokens', message: 'is more than the whole context' });
  if (abilities.includes('chat') && maxOutputTokens === 0)
    throw invalidField({ path: 'maxOutputTokens', message: 'must be at least 1 for a model that converses' });
}

async function requireRoom({ db, actor }: DomainContext): Promise<void> {
  const [{ there } = { there: 0 }] = await db
    .select({ there: count() })
    .from(aiModels)
    .where(eq(aiModels.orgId, actor.orgId));
  if (there >= maxModels) throw new AppError('conflict', `${maxModels} models are entered already`);
}
