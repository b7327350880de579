import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { projects } from '#db/schema/index.js';
import { projectPolicyOfGrant } from '../policies/project-visibility.js';

/** An event that some step may be waiting for. */
export interface PossibleAnswer {
  id: string;
  topic: string;
  payload: unknown;
  /** The project that it tells of, if one. */
  projectId: string | null;
}

/**
 * Answers the open waits for these events, and queues their workflows to be woken. A wait takes the first event whose
 * payload contains what it has to, of those that the person of its run's grant may know of.
 */
export async function answerWaits(
  transaction: Transaction,
  orgId: string,
  events: readonly PossibleAnswer[],
): Promise<void> {
  if (events.length === 0) return;
  await transaction.execute(sql`
    WITH answered AS (
      UPDATE waits SET
        status = 'answered',
        closed_at = now(),
        answer = jsonb_build_object('id', event.id, 'type', substr(event.topic, 7), 'payload', event.payload)
      FROM jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) AS event (id uuid, topic text, payload jsonb, "projectId" uuid)
      WHERE waits.status = 'open' AND waits.kind = 'event' AND waits.topic = event.topic
        AND event.payload @> waits.match
        AND (event."projectId" IS NULL OR ${isKnown})
      RETURNING waits.id
    )
    INSERT INTO dispatch_queue (org_id, kind, source_id)
    SELECT DISTINCT ${orgId}::uuid, 'wake', id FROM answered`);
}

const isKnown = sql`EXISTS (
  SELECT FROM runs
  JOIN automation_versions v ON v.org_id = runs.org_id AND v.automation_id = runs.automation_id
    AND v.version = runs.automation_version
  JOIN grants g ON g.org_id = v.org_id AND g.id = v.grant_id
  JOIN members m ON m.org_id = g.org_id AND m.user_id = g.on_behalf_of
  JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
  JOIN ${projects} ON ${projects.orgId} = runs.org_id AND ${projects.id} = event."projectId"
  WHERE runs.org_id = waits.org_id AND runs.id = waits.run_id AND ${projectPolicyOfGrant})`;
