import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { flagNames, flags, plans } from '#core/flags.js';
import { planQuotas, quotaNames, quotas } from '#core/quotas.js';
import type { PublicContext } from '#runtime/domain.js';

const Plan = z.object({
  name: z.enum(plans),
  quotas: z.array(
    z.object({
      name: z.enum(quotaNames),
      title: z.string(),
      unit: z.string(),
      isMonthly: z.boolean(),
      limit: z.number().nullable().describe('Null: as much as is wanted'),
    }),
  ),
  features: z.array(z.object({ name: z.string(), title: z.string(), description: z.string() })),
});

/** What each plan has, as anybody may know it. */
export const listPlans: PublicAction<PublicContext> = definePublicAction({
  name: 'plans.list',
  title: 'List plans',
  description: 'The plans that organizations can have, from least to most, with what each allows.',
  effect: 'read',
  http: { method: 'get', path: '/plans' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Plan) }),
  run: async () => ({
    items: plans.map((name) => ({
      name,
      quotas: quotaNames.map((quota) => {
        const { title, unit, isMonthly } = quotas[quota];
        return { name: quota, title, unit, isMonthly, limit: planQuotas[name][quota] };
      }),
      features: flagNames
        .filter((flag) => flags[flag].plans.some((plan) => plan === name))
        .map((flag) => ({ name: flag, title: flags[flag].title, description: flags[flag].description })),
    })),
  }),
});
