import { and, asc, count, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { auditArchives, auditExports } from '#db/schema/index.js';
import { auditFilter } from '#runtime/audit/audit-filter.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { requireQuota } from '#runtime/quotas/require-quota.js';
import { noteSecurityEvent } from '#runtime/security-events.js';

/** How long the file of an export can be had. */
const lifetimeMs = 7 * 86_400_000;
/** Exports of an organization that may be under way at a time. */
const maxRunning = 5;

const Export = z.object({
  id: z.uuid(),
  format: z.enum(['csv', 'jsonl']),
  status: z.enum(['running', 'done', 'expired']),
  entries: z.int().describe('So far'),
  parts: z
    .array(z.object({ sha256: z.string(), size: z.int() }))
    .describe('Files that make the whole, one after the other'),
  requestedBy: z.uuid(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  expiresAt: z.string(),
});

/** Has the audit log, or what a filter leaves of it, written into a file. */
export const exportAudit = defineAction({
  name: 'audit.export',
  title: 'Export the audit log',
  description:
    'Writes audit entries with their details into a file, CSV or JSON lines, that can be downloaded for seven days.',
  permission: 'audit:export',
  effect: 'write',
  http: { method: 'post', path: '/audit/exports', status: 201 },
  input: z.strictObject({ format: z.enum(['csv', 'jsonl']), ...auditFilter }),
  output: Export,
  emits: ['security.export'],
  async run(context: DomainContext, { format, ...filter }) {
    const { db, actor, services, afterCommit } = context;
    const isRunning = and(eq(auditExports.orgId, actor.orgId), eq(auditExports.status, 'running'));
    const [running] = await db.select({ count: count() }).from(auditExports).where(isRunning);
    if ((running?.count ?? 0) >= maxRunning)
      throw new AppError('limit_exceeded', `${maxRunning} exports are under way already`);
    await requireQuota(db, actor.orgId, { name: 'storage' });
    const id = timeOrderedId();
    const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
    const [made] = await db
      .insert(auditExports)
      .values({ orgId: actor.orgId, id, requestedBy: actor.userId, format, filter, expiresAt })
      .returning();
    if (!made) throw new AppError('internal', 'The export was not noted');
    context.audit({ after: { format, ...filter } });
    const details = { of: 'audit log', exportId: id, format };
    await noteSecurityEvent(context, { kind: 'export', userId: actor.userId, details });
    afterCommit(() =>
      services.engine
        .startExport({ orgId: actor.orgId, id })
        .catch((err: unknown) => services.logger.warn({ err, exportId: id }, 'An export begins later')),
    );
    return made;
  },
});

export const getExport = defineAction({
  name: 'audit.get_export',
  title: 'Get export of the audit log',
  description: 'Shows how far an export is. Its file is at /v1/audit/exports/{id}/file.',
  permission: 'audit:export',
  effect: 'read',
  http: { method: 'get', path: '/audit/exports/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Export,
  async run({ db, actor }: DomainContext, { id }) {
    const isWanted = and(eq(auditExports.orgId, actor.orgId), eq(auditExports.id, id));
    const [found] = await db.select().from(auditExports).where(isWanted);
    if (!found) throw new AppError('not_found', 'There is no such export');
    // Its time may be over before its files are removed.
    return Date.parse(found.expiresAt) > Date.now()
      ? found
      : { ...found, status: 'expired' as const, parts: [] };
  },
});

export const listArchives = defineAction({
  name: 'audit.list_archives',
  title: 'List archives of the audit log',
  description:
    'The files into which old entries were moved, oldest first. A file is at /v1/audit/archives/{lastPosition}/file.',
  permission: 'audit:export',
  effect: 'read',
  http: { method: 'get', path: '/audit/archives' },
  input: z.strictObject({
    after: z.coerce.number().int().min(0).default(0).describe('lastPosition of the last one that is known'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    items: z.array(
      z.object({
        firstPosition: z.int(),
        lastPosition: z.int(),
        chainEnd: z.string().describe('Hash at the last position'),
        sha256: z.string(),
        size: z.int(),
        createdAt: z.string(),
      }),
    ),
  }),
  async run({ db, actor }: DomainContext, { after, limit }) {
    const items = await db
      .select()
      .from(auditArchives)
      .where(and(eq(auditArchives.orgId, actor.orgId), gt(auditArchives.lastPosition, after)))
      .orderBy(asc(auditArchives.lastPosition))
      .limit(limit);
    return { items };
  },
});
