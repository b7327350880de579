import { z } from 'zod';
import { defineEvent } from '#core/event.js';

/** What the audit log has come to. Whoever keeps it elsewhere can prove later that nothing before it was changed. */
export const auditSealed = defineEvent({
  type: 'audit.sealed',
  title: 'Audit log sealed',
  description: 'Once a day: number and hash of a seal of the audit log, to be kept elsewhere as an anchor.',
  payload: z.object({
    seal: z.int(),
    position: z.int().describe('How many entries there were'),
    hash: z.string(),
    sealedAt: z.string(),
  }),
});
