import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { abilityFor, modelPurposes } from '#core/ai/model.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import { aiModelChoices } from '#db/schema/index.js';
import { findChoice } from '#runtime/ai/chosen-models.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { ChosenModel, ModelChoices, maxChain } from './choice.js';
import { readChoices } from './read-choices.js';

export const listChoices = defineAction({
  name: 'ai_choices.list',
  title: 'List chosen models',
  description: 'Shows which language models are asked for what, and which ones where those fail.',
  permission: 'ai_settings:read',
  effect: 'read',
  http: { method: 'get', path: '/ai/choices' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(ModelChoices) }),
  run: async (context: DomainContext) => ({ items: await readChoices(context) }),
});

/** Chooses the models for a purpose. Throws `validation` naming each that can't be asked, or not for that. */
export const setChoices = defineAction({
  name: 'ai_choices.set',
  title: 'Choose models',
  description:
    'Chooses which language models are asked for a purpose: the first, and where its provider fails the next.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'put', path: '/ai/choices/:purpose' },
  input: z.strictObject({
    purpose: z.enum(modelPurposes),
    models: z.array(ChosenModel).max(maxChain).describe('None: the demo model, where it is allowed'),
  }),
  output: ModelChoices,
  async run(context: DomainContext, { purpose, models }) {
    const { db, actor, audit } = context;
    const { orgId } = actor;
    await lockOrganization(db, orgId);
    const before = await chosenFor(context, purpose);
    await requireUsable(context, purpose, models);
    await db
      .delete(aiModelChoices)
      .where(and(eq(aiModelChoices.orgId, orgId), eq(aiModelChoices.purpose, purpose)));
    if (models.length > 0)
      await db.insert(aiModelChoices).values(models.map((one, rank) => ({ orgId, purpose, rank, ...one })));
    const after = await chosenFor(context, purpose);
    audit(changeBetween({ [purpose]: before.models }, { [purpose]: after.models }, [purpose]));
    return after;
  },
});

async function chosenFor(context: DomainContext, purpose: (typeof modelPurposes)[number]) {
  const found = (await readChoices(context)).find((one) => one.purpose === purpose);
  if (!found) throw new Error(`There is no purpose ${purpose}`);
  return found;
}

/** Throws `validation` naming every model of the chain that could not be asked for the purpose. */
async function requireUsable(
  { db, actor, services }: DomainContext,
  purpose: (typeof modelPurposes)[number],
  models: readonly z.output<typeof ChosenModel>[],
): Promise<void> {
  const issues: ErrorIssue[] = [];
  for (const [index, choice] of models.entries()) {
    const isRepeated = models
      .slice(0, index)
      .some((one) => one.connectionId === choice.connectionId && one.model === choice.model);
    if (isRepeated) issues.push({ path: `models.${index}`, message: 'stands there twice' });
    const facts = await findChoice(services, db, actor.orgId, choice).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'validation') throw error;
      issues.push(...error.issues.map(({ message, path }) => ({ path: `models.${index}.${path}`, message })));
    });
    if (facts && !facts.abilities.includes(abilityFor[purpose]))
      issues.push({ path: `models.${index}.model`, message: `is of no use for ${purpose}` });
  }
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}
