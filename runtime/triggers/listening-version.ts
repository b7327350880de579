import { and, eq, isNull, sql } from 'drizzle-orm';
import { AutomationTrigger } from '#core/automation/definition.js';
import type { Transaction } from '#db/client.js';
import { automations, automationVersions, listeners } from '#db/schema/index.js';
import { versionOfListener } from '#db/version-joins.js';

/** What an active automation listens with. */
export interface ListeningVersion {
  version: number;
  /** The automation's own. */
  hookKey: string;
  trigger: AutomationTrigger;
}

/** The version that an automation listens with; undefined unless it is active and listens to something. */
export async function readListening(
  db: Transaction,
  automationId: string,
): Promise<ListeningVersion | undefined> {
  const [row] = await db
    .select({
      version: listeners.version,
      hookKey: automations.hookKey,
      trigger: sql<unknown>`${automationVersions.definition} -> 'trigger'`,
    })
    .from(listeners)
    .innerJoin(automations, eq(automations.id, listeners.automationId))
    .innerJoin(automationVersions, versionOfListener)
    .where(
      and(
        eq(listeners.automationId, automationId),
        eq(automations.status, 'active'),
        isNull(automations.deletedAt),
      ),
    );
  return row && { ...row, trigger: AutomationTrigger.parse(row.trigger) };
}

/** Like `readListening`; the automation is neither published, paused nor deleted until the transaction ends. */
export async function lockListening(
  db: Transaction,
  automationId: string,
): Promise<ListeningVersion | undefined> {
  // A statement of its own: what is read next shows what another transaction has done while this one waited.
  await db
    .select({ id: automations.id })
    .from(automations)
    .where(eq(automations.id, automationId))
    .for('no key update');
  return readListening(db, automationId);
}
