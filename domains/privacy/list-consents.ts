import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { consents } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Consent, consentColumns } from './consent.js';

const sorts = { givenAt: byColumn(consents.givenAt) };

/** A page of consents, those that were withdrawn among them. */
export const listConsents = defineAction({
  name: 'consents.list',
  title: 'List consents',
  description: 'What you have agreed to, and when you took it back; with consents:manage that of everybody.',
  permission: 'consents:read',
  effect: 'read',
  http: { method: 'get', path: '/consents' },
  input: z.strictObject({
    userId: z.uuid().optional(),
    purpose: z.string().optional(),
    ...pageInput(sorts, '-givenAt'),
  }),
  output: pageOutput(Consent),
  async run({ db, actor }: DomainContext, { userId, purpose, ...request }) {
    const page = openPage(sorts, consents.id, request);
    const isManaging = holdsPermission(actor, 'consents:manage');
    const rows = await db
      .select({ ...consentColumns, ...page.fields })
      .from(consents)
      .where(
        and(
          eq(consents.orgId, actor.orgId),
          isManaging ? undefined : eq(consents.userId, actor.userId),
          userId === undefined ? undefined : eq(consents.userId, userId),
          purpose === undefined ? undefined : eq(consents.purpose, purpose),
          page.where,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
