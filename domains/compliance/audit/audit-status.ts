import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { auditLog } from '#db/schema/index.js';
import { isUnsealed, readSealState } from '#runtime/audit/unsealed.js';
import type { DomainContext } from '#runtime/domain.js';

/** How far the audit log is sealed. */
export const auditStatus = defineAction({
  name: 'audit.status',
  title: 'Show state of the audit log',
  description: 'The newest seal, and how many entries wait for the next one, which takes seconds.',
  permission: 'audit:read',
  effect: 'read',
  http: { method: 'get', path: '/audit/status' },
  input: z.strictObject({}),
  output: z.object({
    seal: z
      .object({
        number: z.int(),
        position: z.int().describe('Entries up to here are sealed'),
        hash: z.string().describe('Kept elsewhere, it is an anchor for audit.verify'),
        sealedAt: z.string(),
      })
      .nullable(),
    unsealed: z.object({
      count: z.int(),
      oldestAgeSeconds: z.number().nullable(),
    }),
  }),
  async run({ db, actor }: DomainContext) {
    const state = await readSealState(db);
    const [waiting] = await db
      .select({
        count: sql<number>`count(*)::integer`,
        oldestAgeSeconds: sql<
          number | null
        >`extract(epoch FROM clock_timestamp() - min(${auditLog.at}))::float8`,
      })
      .from(auditLog)
      .where(and(eq(auditLog.orgId, actor.orgId), isUnsealed(state)));
    const { seal } = state;
    return {
      seal: seal
        ? { number: seal.number, position: seal.lastPosition, hash: seal.hash, sealedAt: seal.sealedAt }
        : null,
      unsealed: waiting ?? { count: 0, oldestAgeSeconds: null },
    };
  },
});
