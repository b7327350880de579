import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { dataExports, dispatchQueue, erasures, members } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { requireQuota } from '#runtime/quotas/require-quota.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { DataExport, exportColumns } from './data-export.js';

/**
 * Has an archive made of a person's data in this organization, or of all data of the organization. Throws `forbidden` for
 * more than one's own data without `exports:manage`, `limit_exceeded` for all data where no room is left, and `conflict` while one of the same subject is being made.
 */
export const createExport = defineAction({
  name: 'exports.create',
  title: 'Export data',
  description:
    'Makes a ZIP archive: JSON Lines for each table, a manifest with counts and hashes, and for an organization its files. It is made in the background, and kept for some days.',
  permission: 'exports:create',
  effect: 'write',
  http: { method: 'post', path: '/exports', status: 202 },
  emits: ['security.export'],
  input: z.strictObject({
    subject: z.enum(['person', 'organization']),
    userId: z.uuid().optional().describe('Of a person: whose data; your own unless given'),
  }),
  output: DataExport,
  async run(context: DomainContext, { subject, userId }) {
    const { db, actor, services, afterCommit } = context;
    const { orgId } = actor;
    if (subject === 'organization' && userId !== undefined) {
      throw invalidField({ path: 'userId', message: 'is for the subject person only' });
    }
    const subjectId = subject === 'organization' ? null : (userId ?? actor.userId);
    if (subjectId !== actor.userId && !holdsPermission(actor, 'exports:manage')) {
      throw new AppError(
        'forbidden',
        'exports.create needs the permission exports:manage for other data than your own',
      );
    }
    if (subjectId !== null) await checkMember(db, subjectId);
    await refuseWhileErasing(db);
    // What a person has a right to is made whatever room there is.
    if (subject === 'organization') await requireQuota(db, orgId, { name: 'storage' });
    try {
      const row = { orgId, subject, subjectId, requestedBy: actor.userId };
      const [made] = await db.insert(dataExports).values(row).returning(exportColumns);
      if (!made) throw new AppError('internal', 'The export was not written');
      await db.insert(dispatchQueue).values({ orgId, kind: 'export', sourceId: made.id });
      const details = { exportId: made.id, subject };
      await noteSecurityEvent(context, { kind: 'export', userId: subjectId, details });
      afterCommit(() => services.hub.publish(dispatchChannel, { type: 'export', id: made.id }));
      return made;
    } catch (error) {
      if (!violatesUnique(error, 'data_exports_at_work')) throw error;
      throw new AppError('conflict', 'Such an export is being made already', { cause: error });
    }
  },
});

async function checkMember(db: Transaction, userId: string): Promise<void> {
  const [member] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.userId, userId), ne(members.status, 'erased')));
  if (!member) throw invalidField({ path: 'userId', message: 'is not a member of the organization' });
}

/** An archive that is made now would hold what is about to go. */
async function refuseWhileErasing(db: Transaction): Promise<void> {
  const [running] = await db
    .select({ id: erasures.id })
    .from(erasures)
    .where(eq(erasures.status, 'running'))
    .limit(1);
  if (running) throw new AppError('conflict', 'Somebody is being erased; export when that is done');
}
