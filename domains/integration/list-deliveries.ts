import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { deliveries } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Delivery, deliveryColumns } from './delivery.js';

const sorts = { receivedAt: byColumn(deliveries.receivedAt) };

export const listDeliveries = defineAction({
  name: 'deliveries.list',
  title: 'List deliveries',
  description:
    'What came in by webhook and mail, what the clock brought, and what apps were asked for, newest first.',
  permission: 'deliveries:read',
  effect: 'read',
  http: { method: 'get', path: '/deliveries' },
  input: z.strictObject({ provider: z.string().optional(), ...pageInput(sorts, '-receivedAt') }),
  output: pageOutput(Delivery),
  async run({ db, actor }: DomainContext, { provider, ...request }) {
    const page = openPage(sorts, deliveries.id, request);
    const ofProvider = provider === undefined ? undefined : eq(deliveries.provider, provider);
    const rows = await db
      .select({ ...deliveryColumns, ...page.fields })
      .from(deliveries)
      .where(and(eq(deliveries.orgId, actor.orgId), ofProvider, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
