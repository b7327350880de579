import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import { maskSensitive } from '#core/sensitive.js';
import { type AuditDetails, type AuditedChange, sealDetails } from './audit/audit-details.js';
import type { Actor } from './caller.js';
import { timeOrderedId } from './outbox.js';
import type { RequestOrigin } from './request-origin.js';

export type { AuditedChange } from './audit/audit-details.js';

/** Who did what, on whose behalf, to what. */
export interface AuditEntry {
  id: string;
  principalKind: Actor['kind'];
  principalId: string;
  /** Null: the platform. */
  onBehalfOf: string | null;
  sessionId: string | null;
  action: string;
  targetId: string | null;
  requestId: string | null;
  runId: string | null;
  /** Null: by signing in, by key or by grant. */
  via: Actor['via'] | null;
  details: AuditDetails | null;
}

export interface AuditedCall {
  input: unknown;
  output: unknown;
  requestId: string | undefined;
  origin?: RequestOrigin | undefined;
  change?: AuditedChange | undefined;
}

const WithId = z.object({ id: z.uuid() });
const Fields = z.record(z.string(), z.unknown());

/** The audit entry of a call that was carried out; undefined for reads, which leave no trace here but those of the platform's people. */
export function auditEntry(
  actor: Actor,
  action: ActionDescription,
  { input, output, requestId, origin, change }: AuditedCall,
): AuditEntry | undefined {
  if (action.effect === 'read' && !isOfThePlatform(actor)) return undefined;
  const target = WithId.safeParse(output).data ?? WithId.safeParse(input).data;
  return {
    id: timeOrderedId(),
    principalKind: actor.kind,
    principalId: actor.id,
    onBehalfOf: actor.kind === 'super_user' || actor.kind === 'operator' ? null : actor.userId,
    sessionId: actor.session?.id ?? actor.support?.visitId ?? null,
    action: action.name,
    targetId: target?.id ?? null,
    requestId: requestId ?? null,
    runId: actor.runId,
    via: actor.via ?? null,
    details: sealDetails({ origin, ...maskChange(change, action) }) ?? null,
  };
}

/** What they look at is not theirs, and so is told. */
function isOfThePlatform({ kind }: Actor): boolean {
  return kind === 'super_user' || kind === 'support';
}

function maskChange(change: AuditedChange | undefined, { input, output }: ActionDescription): AuditedChange {
  const masked = (values: AuditedChange['before']) =>
    values && Fields.parse(maskSensitive(values, [input, output]));
  return { before: masked(change?.before), after: masked(change?.after) };
}
