import { z } from 'zod';

const Values = z.record(z.string(), z.unknown());

/** What the details of an entry hold, as `sealDetails` has written them. */
export const AuditContent = z.object({
  origin: z
    .object({ ip: z.string().nullable(), userAgent: z.string().nullable() })
    .optional()
    .describe('From where the request came'),
  before: Values.optional().describe('Fields as they were; *** for what may not be read'),
  after: Values.optional().describe('Fields as they became'),
});

/** Reads kept details; null where there are none, or none any more. */
export function readContent(content: string | null): z.output<typeof AuditContent> | null {
  return content === null ? null : AuditContent.parse(JSON.parse(content));
}
