import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { quotaNames, quotas } from '#core/quotas.js';
import type { DomainContext } from '#runtime/domain.js';
import { readQuotas } from '#runtime/quotas/read-quotas.js';

const Quota = z.object({
  name: z.enum(quotaNames),
  title: z.string(),
  description: z.string(),
  unit: z.string(),
  limit: z.int().nullable().describe('Null: none'),
  used: z.int(),
  resetsAt: z.iso
    .datetime()
    .nullable()
    .describe('When it begins anew; null where what counts is what there is at present'),
});

export const listQuotas = defineAction({
  name: 'quotas.list',
  title: 'List quotas',
  description: 'Shows how much the organization may use in a month, or have, and how much of that is used.',
  permission: 'organization:read',
  effect: 'read',
  http: { method: 'get', path: '/quotas' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Quota) }),
  async run({ db, actor }: DomainContext) {
    const states = await readQuotas(db, actor.orgId, quotaNames);
    return {
      items: states.map((state) => {
        const { title, description, unit } = quotas[state.name];
        return { ...state, title, description, unit };
      }),
    };
  },
});
