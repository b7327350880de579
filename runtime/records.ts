import { sql } from 'drizzle-orm';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { Transaction } from '#db/client.js';
import type { AuditEntry } from './audit.js';
import type { IdempotencySlot } from './idempotency.js';
import type { OutboxEvent } from './outbox.js';

/** What a call leaves behind besides its own rows. */
export interface CallRecords {
  orgId: string;
  events?: readonly OutboxEvent[];
  audit?: AuditEntry | undefined;
  /** The result to keep under the call's idempotency key. */
  result?: (IdempotencySlot & { action: string; inputHash: string; output: PackedValue }) | undefined;
}

/**
 * Writes events, audit entry and kept result in the caller's transaction, by one statement: they are part of every
 * write, and one trip to the server is what they may cost. An event joins the dispatcher's queue only where some
 * automation listens to its type, some step waits for it, or it says so
 * itself; once more where people are to be told of it. Returns how many joined.
 */
export async function writeRecords(db: Transaction, records: CallRecords): Promise<{ queued: number }> {
  const { orgId, events = [], audit, result } = records;
  // A read leaves nothing behind, and is spared the trip.
  if (events.length === 0 && !audit && !result) return { queued: 0 };
  const awaited = events.filter(({ isAwaited }) => isAwaited).map(({ id }) => id);
  const notices = events.filter(({ isNotice }) => isNotice).map(({ id }) => id);
  const [row] = await db.execute<{ queued: number }>(sql`
    WITH happened AS (
      INSERT INTO events (org_id, id, type, payload, run_id, depth, support_grant_id)
      SELECT ${orgId}::uuid, id, type, payload, "runId", depth, "supportGrantId"
      FROM jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb)
        AS event (id uuid, type text, payload jsonb, "runId" uuid, depth integer, "supportGrantId" uuid)
      RETURNING id, type
    ), queued AS (
      INSERT INTO dispatch_queue (org_id, kind, source_id)
      SELECT ${orgId}::uuid, 'event', id FROM happened
      WHERE EXISTS (SELECT FROM listeners WHERE org_id = ${orgId}::uuid AND topic = 'event:' || happened.type)
        OR EXISTS (SELECT FROM waits WHERE org_id = ${orgId}::uuid AND topic = 'event:' || happened.type
          AND status = 'open' AND kind = 'event')
        OR happened.id = ANY(${sql.param(awaited)}::uuid[])
      UNION ALL
      SELECT ${orgId}::uuid, 'notice', id FROM happened WHERE id = ANY(${sql.param(notices)}::uuid[])
      RETURNING 1
    ), entry AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(audit ? [audit] : [])}::text::jsonb)
        AS entry (id uuid, "principalKind" text, "principalId" uuid, "onBehalfOf" uuid, "sessionId" uuid, action text,
          "targetId" uuid, "requestId" text, "runId" uuid, via text, details jsonb)
    ), audited AS (
      INSERT INTO audit_log (org_id, id, principal_kind, principal_id, on_behalf_of, session_id, action, target_id,
        request_id, run_id, via, details_hash)
      SELECT ${orgId}::uuid, id, "principalKind", "principalId", "onBehalfOf", "sessionId", action, "targetId",
        "requestId", "runId", via, details->>'hash'
      FROM entry
    ), detailed AS (
      INSERT INTO audit_details (org_id, audit_id, salt, content)
      SELECT ${orgId}::uuid, id, details->>'salt', details->>'content' FROM entry WHERE details->>'hash' IS NOT NULL
    ), kept AS (
      INSERT INTO idempotency_keys (org_id, principal, key, action, input_hash, is_finished, output)
      SELECT ${orgId}::uuid, principal, key, action, "inputHash", true, output
      FROM jsonb_to_recordset(${JSON.stringify(result ? [result] : [])}::text::jsonb)
        AS result (principal text, key text, action text, "inputHash" text, output jsonb)
      ON CONFLICT (org_id, principal, key) DO UPDATE SET
        is_finished = true, output = excluded.output, locked_until = NULL
    )
    SELECT count(*)::integer AS queued FROM queued`);
  return { queued: row?.queued ?? 0 };
}
