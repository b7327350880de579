import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { SecurityKind } from '#runtime/security/security-kinds.js';
import type { BuilderApp } from './builder-app.js';

const SecurityEvents = z.object({
  items: z.array(
    z.looseObject({
      kind: z.string(),
      userId: z.string().nullable(),
      principalKind: z.string().nullable(),
      principalId: z.string().nullable(),
      ip: z.string().nullable(),
      count: z.int(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** The newest security events of a kind, as `caller` sees them. */
export async function listSecurityEvents(app: BuilderApp, caller: Caller, kind: SecurityKind) {
  return SecurityEvents.parse(await app.perform(caller, 'security_events.list', { kind })).items;
}
