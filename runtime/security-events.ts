import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import type { Actor } from './caller.js';
import type { DomainContext } from './domain.js';
import { timeOrderedId } from './outbox.js';
import { writeRecords } from './records.js';
import type { RequestOrigin } from './request-origin.js';
import { alertOf } from './security/alert.js';
import { countedKinds, type SecurityKind, toldElsewhere } from './security/security-kinds.js';
import type { Services } from './services.js';
import { storableJson, storableText } from './storable-json.js';

export interface SecurityEvent {
  orgId: string;
  kind: SecurityKind;
  /** The person whom it concerns. */
  userId?: string | null;
  /** Who did it. */
  principal?: { kind: Actor['kind']; id: string };
  origin?: RequestOrigin | undefined;
  /** Ids and names that tell what it was about: no secrets, no values. */
  details?: Readonly<Record<string, unknown>>;
  runId?: string | null;
  /** How many automations stand between it and the outside event that began the chain. */
  depth?: number;
}

export type SecurityServices = Pick<Services, 'configuration' | 'vault' | 'logger'>;

const maxUserAgent = 300;
const Details = z.record(z.string(), z.unknown());

/**
 * Keeps what concerns the safety of accounts, in the caller's transaction of the organization: with the outbox event
 * `security.<kind>`, and a mail to those who want to know. What comes in numbers is counted in one row a minute, and told once.
 */
export async function recordSecurityEvent(
  services: SecurityServices,
  db: Transaction,
  event: SecurityEvent,
): Promise<void> {
  const { orgId, kind, principal, origin, runId = null, depth = 0 } = event;
  const details = Details.parse(JSON.parse(storableJson(event.details ?? {})));
  const userId = event.userId ?? null;
  const id = timeOrderedId();
  const bucket = countedKinds.has(kind) ? `${kind}:${principal?.id ?? userId}` : null;
  const [row] = await db.execute<{ id: string; count: number; at: string }>(sql`
    INSERT INTO security_events (org_id, id, kind, user_id, principal_kind, principal_id, ip, user_agent, details, bucket)
    VALUES (${orgId}::uuid, ${id}::uuid, ${kind}, ${userId}::uuid, ${principal?.kind ?? null}, ${principal?.id ?? null}::uuid,
      ${origin?.ip ?? null}, ${storableText(origin?.userAgent?.slice(0, maxUserAgent) ?? '') || null}, ${JSON.stringify(details)}::text::jsonb,
      ${bucket}::text || to_char(now() AT TIME ZONE 'UTC', ':YYYYMMDDHH24MI'))
    ON CONFLICT (org_id, bucket) DO UPDATE SET count = security_events.count + 1, last_at = now(),
      ip = coalesce(excluded.ip, security_events.ip), user_agent = coalesce(excluded.user_agent, security_events.user_agent)
    RETURNING id, count, created_at AS at`);
  if (!row || row.count > 1) return;
  const payload = {
    id,
    kind,
    userId,
    principalKind: principal?.kind ?? null,
    principalId: principal?.id ?? null,
    details,
  };
  const told = toldElsewhere.has(kind)
    ? []
    : [{ id: timeOrderedId(), type: `security.${kind}`, payload, runId, depth }];
  await Promise.all([
    writeRecords(db, { orgId, events: told }),
    alertOf(services, db, { orgId, id, kind, userId, origin, at: row.at, details }),
  ]);
}

/** The same from within an action, whose caller it names. */
export function noteSecurityEvent(
  { db, actor, services, origin }: DomainContext,
  event: Pick<SecurityEvent, 'kind' | 'userId' | 'details'>,
): Promise<void> {
  return recordSecurityEvent(services, db, {
    ...event,
    orgId: actor.orgId,
    principal: { kind: actor.kind, id: actor.id },
    origin,
    runId: actor.runId,
    depth: actor.kind === 'automation' ? actor.depth + 1 : 0,
  });
}
