import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import { plans } from '#core/flags.js';
import { retentionKindNames, retentionKinds } from '#core/retention.js';
import type { Transaction } from '#db/client.js';
import { retentionPeriods } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { readPeriods } from '#runtime/retention/read-periods.js';

const Kind = z.enum(retentionKindNames);
const Retention = z.object({
  plan: z.enum(plans),
  periods: z.array(
    z.object({
      kind: Kind,
      title: z.string(),
      description: z.string(),
      days: z.int(),
      isDefault: z.boolean().describe('The days are not those of this organization'),
      min: z.int(),
      max: z.int().describe('What the plan allows'),
    }),
  ),
});

export const getRetention = defineAction({
  name: 'retention.get',
  title: 'Show retention',
  description: 'Shows for how long the organization keeps what comes and goes by itself.',
  permission: 'retention:read',
  effect: 'read',
  http: { method: 'get', path: '/retention' },
  input: z.strictObject({}),
  output: Retention,
  run: showRetention,
});

/** Changes how long things of a kind are kept. Throws `validation` naming `days` where they are out of bounds. */
export const updateRetention = defineAction({
  name: 'retention.update',
  title: 'Change retention',
  description: 'Changes how long things of a kind are kept. What is older is deleted within the next hours.',
  permission: 'retention:update',
  effect: 'destroy',
  http: { method: 'patch', path: '/retention' },
  input: z.strictObject({
    kind: Kind,
    days: z.int().nullable().describe('Null: the default'),
  }),
  output: Retention,
  async run(context: DomainContext, { kind, days }) {
    const { db, actor, services } = context;
    const { orgId } = actor;
    const { plan, periods } = await readPeriods(db, services.configuration);
    const { min } = retentionKinds[kind];
    const { max } = periods[kind];
    if (days !== null && (days < min || days > max)) {
      throw invalidField({ path: 'days', message: `must be from ${min} to ${max} in the plan ${plan}` });
    }
    await lockOrganization(db, orgId);
    const before = await showRetention(context);
    await writePeriod(db, { orgId, kind, days });
    const after = await showRetention(context);
    context.audit(changeBetween(daysByKind(before), daysByKind(after), [kind]));
    return after;
  },
});

async function writePeriod(
  db: Transaction,
  { orgId, kind, days }: { orgId: string; kind: z.output<typeof Kind>; days: number | null },
): Promise<void> {
  if (days === null) {
    await db
      .delete(retentionPeriods)
      .where(and(eq(retentionPeriods.orgId, orgId), eq(retentionPeriods.kind, kind)));
    return;
  }
  await db
    .insert(retentionPeriods)
    .values({ orgId, kind, days })
    .onConflictDoUpdate({ target: [retentionPeriods.orgId, retentionPeriods.kind], set: { days } });
}

function daysByKind({ periods }: z.input<typeof Retention>): Record<string, number> {
  return Object.fromEntries(periods.map(({ kind, days }) => [kind, days]));
}

async function showRetention({ db, services }: DomainContext): Promise<z.input<typeof Retention>> {
  const { plan, periods } = await readPeriods(db, services.configuration);
  return {
    plan,
    periods: retentionKindNames.map((kind) => {
      const { title, description, min } = retentionKinds[kind];
      return { kind, title, description, min, ...periods[kind] };
    }),
  };
}
