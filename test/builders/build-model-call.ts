import { aiCalls } from '#db/schema/index.js';
import type { BuilderApp } from './builder-app.js';

type Row = typeof aiCalls.$inferInsert;

/** A call of a model in the log, as it would stand there: of a person, succeeded, 100 tokens, one minor unit. */
export async function buildModelCall(
  app: BuilderApp,
  { orgId, userId }: { orgId: string; userId: string },
  given: Partial<Row> = {},
): Promise<string> {
  const [row] = await app.services.database.withOrg(orgId, (transaction) =>
    transaction
      .insert(aiCalls)
      .values({
        orgId,
        principalKind: 'user',
        principalId: userId,
        userId,
        purpose: 'chat',
        operation: 'complete',
        provider: 'openai',
        model: 'gpt-5-mini',
        parameters: {},
        inputTokens: 80,
        cachedInputTokens: 10,
        outputTokens: 20,
        isEstimated: false,
        price: { input: 25, cachedInput: 2.5, output: 200 },
        cost: 1_000_000,
        latencyMs: 5,
        outcome: 'succeeded',
        ...given,
      })
      .returning({ id: aiCalls.id }),
  );
  if (!row) throw new Error('The call was not written');
  return row.id;
}
