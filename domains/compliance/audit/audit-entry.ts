import { z } from 'zod';

/** An entry of the audit log as it is listed. */
export const AuditEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  principalKind: z
    .string()
    .describe('user, api_key, automation or agent; super_user or support of the platform'),
  principalId: z.uuid(),
  onBehalfOf: z.uuid().nullable().describe('The person whose rights counted; null: the platform'),
  sessionId: z.uuid().nullable(),
  action: z.string(),
  targetId: z.string().nullable().describe('What was acted on'),
  requestId: z.string().nullable(),
  runId: z.uuid().nullable(),
  via: z.string().nullable().describe('A way in other than signing in: of support, support_grant:<id>'),
  position: z.int().nullable().describe('In the chain; null for the seconds before it is sealed'),
});
