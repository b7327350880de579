import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { modelPurposes } from '#core/ai/model.js';
import { demoModel } from '#core/ai/model-catalogue.js';
import { aiModelChoices, aiSettings, connections } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import type { ModelChoices } from './choice.js';

/** What the organization has chosen for each purpose. */
export async function readChoices({
  db,
  actor,
  services,
}: DomainContext): Promise<z.input<typeof ModelChoices>[]> {
  const rows = await db
    .select({
      purpose: aiModelChoices.purpose,
      connectionId: aiModelChoices.connectionId,
      model: aiModelChoices.model,
      name: connections.name,
      connector: connections.connector,
      deletedAt: connections.deletedAt,
    })
    .from(aiModelChoices)
    .leftJoin(
      connections,
      and(eq(connections.orgId, aiModelChoices.orgId), eq(connections.id, aiModelChoices.connectionId)),
    )
    .where(eq(aiModelChoices.orgId, actor.orgId))
    .orderBy(asc(aiModelChoices.rank));
  const [settings] = await db
    .select({ allowsDemo: aiSettings.allowsDemo })
    .from(aiSettings)
    .where(eq(aiSettings.orgId, actor.orgId));
  const demo = services.catalogue.connector(demoModel.provider);
  const hasDemo = services.configuration.DEMO_MODEL_URL !== undefined;
  const allowsDemo = hasDemo && settings?.allowsDemo !== false;
  return modelPurposes.map((purpose) => {
    const models = rows
      .filter((row) => row.purpose === purpose)
      .map(({ connectionId, model, name, connector, deletedAt }) => ({
        connectionId,
        connectionName: name ?? demo.title,
        provider: connector ?? demo.name,
        model,
        isGone: deletedAt !== null || (connectionId === null && !hasDemo),
      }));
    return { purpose, models, isDemo: allowsDemo && models.length === 0 };
  });
}
