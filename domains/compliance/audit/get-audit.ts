import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { auditChain, auditDetails, auditLog } from '#db/schema/index.js';
import { AuditContent, readContent } from '#runtime/audit/audit-content.js';
import { areItsDetails, auditFields, isItsPlace } from '#runtime/audit/audit-fields.js';
import type { DomainContext } from '#runtime/domain.js';
import { AuditEntry } from './audit-entry.js';

/** One entry, with what was changed and from where. */
export const getAudit = defineAction({
  name: 'audit.get',
  title: 'Get audit entry',
  description: 'Shows an audit entry with what was changed, from where, and its hash in the chain.',
  permission: 'audit:read',
  effect: 'read',
  http: { method: 'get', path: '/audit/entries/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: AuditEntry.extend({
    details: AuditContent.nullable().describe('Null where there are none, or none any more'),
    erasedAt: z.string().nullable().describe('When the details were erased'),
    hash: z.string().nullable().describe('Of this entry and all before it'),
  }),
  async run({ db, actor }: DomainContext, { id }) {
    const [row] = await db
      .select({
        ...auditFields,
        hash: auditChain.hash,
        content: auditDetails.content,
        erasedAt: auditDetails.erasedAt,
      })
      .from(auditLog)
      .leftJoin(auditChain, isItsPlace)
      .leftJoin(auditDetails, areItsDetails)
      .where(and(eq(auditLog.orgId, actor.orgId), eq(auditLog.id, id)));
    if (!row) throw new AppError('not_found', 'There is no such audit entry');
    const { content, ...entry } = row;
    return { ...entry, details: readContent(content) };
  },
});
