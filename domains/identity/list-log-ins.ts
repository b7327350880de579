import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { logIns } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Place } from '#runtime/places.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { enterUser } from './person-context.js';

const LogInEntry = z.object({
  id: z.uuid(),
  at: z.string(),
  outcome: z.enum(['succeeded', 'password', 'second_factor']).describe('Or what was wrong'),
  methods: z.array(z.string()),
  organizationId: z.uuid().nullable().describe('Where it led'),
  ip: z.string().nullable(),
  place: Place.nullable().describe('Of the address; null where it is not known'),
  userAgent: z.string().nullable(),
  isNewDevice: z.boolean(),
});

const sorts = { at: byColumn(logIns.at) };

/** A page of the caller's own tries to sign in, also those that somebody else made, in all of their organizations. */
export const listLogIns = defineAction({
  name: 'identity.list_log_ins',
  title: 'List my sign-ins',
  description: 'Lists when and from where somebody signed in as you, or tried to.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/me/log-ins' },
  input: z.strictObject(pageInput(sorts, '-at')),
  output: pageOutput(LogInEntry),
  async run({ db, services, actor: { userId } }: DomainContext, request) {
    await enterUser(db, userId);
    const page = openPage(sorts, logIns.id, request);
    const rows = await db
      .select({
        id: logIns.id,
        at: logIns.at,
        outcome: logIns.outcome,
        methods: logIns.methods,
        organizationId: logIns.organizationId,
        ip: logIns.ip,
        userAgent: logIns.userAgent,
        isNewDevice: logIns.isNewDevice,
        ...page.fields,
      })
      .from(logIns)
      .where(and(eq(logIns.userId, userId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows.map((row) => ({ ...row, place: services.places.placeOf(row.ip) })));
  },
});
