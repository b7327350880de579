import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { ModelMessage } from '#core/ai/message.js';
import type { Model } from '#core/ai/model.js';
import type { TokenUsage } from '#core/ai/model-provider.js';
import { maskFindings } from '#core/ai/screening/mask-findings.js';
import type { ErrorCode } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { aiCalls, aiClosedUsage, aiSettings, departmentMembers } from '#db/schema/index.js';
import { packValue } from '../packing.js';
import type { Services } from '../services.js';
import type { ModelUse } from './model-use.js';
import { lockUsage } from './usage-lock.js';

/** One call of a model, and what came of it. */
export interface CallRecord {
  id: string;
  use: ModelUse;
  model: Pick<Model, 'provider' | 'model' | 'price'> & { connectionId: string | null };
  operation: 'complete' | 'embed';
  parameters: Readonly<Record<string, unknown>>;
  prompt: readonly ModelMessage[] | readonly string[];
  /** Undefined where none came. */
  reply: unknown;
  usage: TokenUsage;
  isEstimated: boolean;
  /** Millionths of a minor unit. */
  cost: number;
  startedAt: Date;
  latencyMs: number;
  firstTokenMs: number | null;
  outcome: 'succeeded' | 'cancelled' | ErrorCode;
}

/** Writes a call to the log, with as much of what was said as the organization keeps. */
export async function logCall(
  services: Pick<Services, 'files'>,
  transaction: Transaction,
  { use, model, usage, startedAt, prompt, reply, ...call }: CallRecord,
): Promise<void> {
  const { actor, agent, run, purpose } = use;
  const { orgId, userId } = actor;
  const [, [settings]] = await Promise.all([
    lockUsage(transaction, orgId, 'shared'),
    transaction
      .select({ contentPolicy: aiSettings.contentPolicy })
      .from(aiSettings)
      .where(eq(aiSettings.orgId, orgId)),
  ]);
  const keep = keeper(services, transaction, orgId, settings?.contentPolicy ?? 'masked');
  await transaction.insert(aiCalls).values({
    ...call,
    orgId,
    createdAt: inOpenDay(orgId, startedAt),
    principalKind: actor.kind,
    principalId: actor.id,
    userId,
    departmentId: sql`(SELECT department_id FROM ${departmentMembers} WHERE ${and(
      eq(departmentMembers.orgId, orgId),
      eq(departmentMembers.userId, userId),
      eq(departmentMembers.isPrimary, true),
    )})`,
    agentId: agent?.id ?? null,
    agentVersion: agent?.version ?? null,
    runId: run?.id ?? null,
    step: run?.step ?? null,
    purpose,
    provider: model.provider,
    connectionId: model.connectionId,
    model: model.model,
    price: model.price,
    ...usage,
    prompt: await keep(prompt),
    reply: reply === undefined ? null : await keep(reply),
  });
}

/** When a call began. Where its day has been summed up meanwhile, it counts to the first one that is open. */
function inOpenDay(orgId: string, startedAt: Date): SQL<string> {
  return sql`greatest(${startedAt.toISOString()}::timestamptz, (SELECT ${aiClosedUsage.before}::timestamp AT TIME ZONE 'UTC'
    FROM ${aiClosedUsage} WHERE ${aiClosedUsage.orgId} = ${orgId}))`;
}

/** How what was said is kept. */
function keeper(
  { files }: Pick<Services, 'files'>,
  transaction: Transaction,
  orgId: string,
  policy: 'full' | 'masked' | 'none',
): (value: unknown) => Promise<unknown> {
  if (policy === 'none') return async () => null;
  const store = files(orgId, transaction).withoutQuota;
  return (value) => packValue(store, policy === 'masked' ? maskFindings(value) : value);
}
