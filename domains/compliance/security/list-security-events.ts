import { and, desc, eq, gte, inArray, lt, lte } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { securityEvents } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';
import { SecurityKindName } from '#runtime/security/security-kinds.js';

const SecurityEvent = z.object({
  id: z.uuid(),
  kind: z.string(),
  userId: z.uuid().nullable().describe('The person whom it concerns'),
  principalKind: z.string().nullable(),
  principalId: z.uuid().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  count: z.int().describe('How often within its minute'),
  createdAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});

const Kinds = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',') : value),
  z.array(SecurityKindName).min(1).max(50),
);

/** A page of what concerns the safety of accounts, newest first. */
export const listSecurityEvents = defineAction({
  name: 'security_events.list',
  title: 'List security events',
  description: 'Failed log-ins, changed rights, new keys, exports and what was refused, newest first.',
  permission: 'security_events:read',
  effect: 'read',
  http: { method: 'get', path: '/security-events' },
  input: z.strictObject({
    kind: Kinds.optional(),
    userId: z.uuid().optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(SecurityEvent),
  async run({ db, actor }: DomainContext, { kind, userId, from, to, limit, cursor }) {
    const [after] = cursor === undefined ? [] : readCursor(z.tuple([z.uuid()]), cursor);
    const rows = await db
      .select()
      .from(securityEvents)
      .where(
        and(
          eq(securityEvents.orgId, actor.orgId),
          kind && inArray(securityEvents.kind, kind),
          userId === undefined ? undefined : eq(securityEvents.userId, userId),
          from === undefined ? undefined : gte(securityEvents.createdAt, from),
          to === undefined ? undefined : lte(securityEvents.createdAt, to),
          after === undefined ? undefined : lt(securityEvents.id, after),
        ),
      )
      .orderBy(desc(securityEvents.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? writeCursor([last.id]) : null };
  },
});
