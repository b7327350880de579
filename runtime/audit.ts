import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import type { Actor } from './caller.js';

/** Who did what, on whose behalf, to what. */
export interface AuditEntry {
  principalKind: Actor['kind'];
  principalId: string;
  onBehalfOf: string;
  action: string;
  targetId: string | null;
  requestId: string | null;
  runId: string | null;
  /** Null: by signing in, by key or by grant. */
  via: Actor['via'] | null;
}

const WithId = z.object({ id: z.uuid() });

/** The audit entry of a call that was carried out; undefined for reads, which leave no trace here. */
export function auditEntry(
  actor: Actor,
  action: ActionDescription,
  details: { input: unknown; output: unknown; requestId: string | undefined },
): AuditEntry | undefined {
  if (action.effect === 'read') return undefined;
  const target = WithId.safeParse(details.output).data ?? WithId.safeParse(details.input).data;
  return {
    principalKind: actor.kind,
    principalId: actor.id,
    onBehalfOf: actor.userId,
    action: action.name,
    targetId: target?.id ?? null,
    requestId: details.requestId ?? null,
    runId: actor.runId,
    via: actor.via ?? null,
  };
}
