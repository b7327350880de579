import { and, eq, isNull, or } from 'drizzle-orm';
import { abilityFor, type ModelFacts, type ModelName } from '#core/ai/model.js';
import { demoModel } from '#core/ai/model-catalogue.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { aiModelChoices, connections } from '#db/schema/index.js';

/** Throws `conflict` if the model is chosen for something that takes an ability which is not among these. */
export async function requireOfUse(
  db: Transaction,
  orgId: string,
  { provider, model }: ModelName,
  abilities: ModelFacts['abilities'],
): Promise<void> {
  const chosen = await db
    .select({ purpose: aiModelChoices.purpose })
    .from(aiModelChoices)
    .leftJoin(
      connections,
      and(eq(connections.orgId, aiModelChoices.orgId), eq(connections.id, aiModelChoices.connectionId)),
    )
    .where(
      and(
        eq(aiModelChoices.orgId, orgId),
        eq(aiModelChoices.model, model),
        or(
          eq(connections.connector, provider),
          provider === demoModel.provider ? isNull(aiModelChoices.connectionId) : undefined,
        ),
      ),
    );
  const lost = chosen.find(({ purpose }) => !abilities.includes(abilityFor[purpose]));
  if (lost)
    throw new AppError('conflict', `${model} is chosen for ${lost.purpose}: choose another one there first`);
}
