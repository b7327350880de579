import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { newestAnchor } from '#runtime/audit/kept-anchors.js';
import { breakKinds } from '#runtime/audit/verify/audit-break.js';
import { verifyAudit as verify } from '#runtime/audit/verify/verify-audit.js';
import type { DomainContext } from '#runtime/domain.js';

/** Proves that the log is what was sealed, a stretch at a time, or names the first place where it is not. */
export const verifyAudit = defineAction({
  name: 'audit.verify',
  title: 'Verify the audit log',
  description:
    'Computes the hashes of the audit log again and names the first break. A long log takes several calls: send `next` as `after` until it is null.',
  permission: 'audit:read',
  effect: 'read',
  http: { method: 'post', path: '/audit/verify' },
  input: z.strictObject({
    after: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('`next` of the call before; 0 begins, and looks at the seals and the anchor'),
    maxRows: z.coerce.number().int().min(1).max(50_000).default(20_000),
    anchor: z
      .strictObject({ seal: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) })
      .optional()
      .describe(
        'A seal that was kept elsewhere, such as from an event audit.sealed; the one of our file store is looked at, too',
      ),
  }),
  output: z.object({
    checked: z.int().describe('Entries that are as they were sealed'),
    erased: z.int().describe('Of these, such as had their details erased'),
    next: z.int().nullable().describe('Null at the end, or at a break'),
    firstBreak: z
      .object({
        kind: z.enum(breakKinds),
        position: z.int().nullable().describe('In the chain'),
        auditId: z.uuid().nullable(),
        seal: z.int().nullable(),
      })
      .nullable(),
  }),
  async outside({ actor, services }: DomainContext, { after }) {
    return () => (after === 0 ? newestAnchor(services.storage, actor.orgId) : Promise.resolve(undefined));
  },
  run({ db, actor }: DomainContext, { anchor, ...request }, kept) {
    const anchors = [anchor, kept].flatMap((one) => one ?? []);
    return verify(db, actor.orgId, { ...request, anchors });
  },
});
