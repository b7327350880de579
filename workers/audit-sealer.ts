import { sql } from 'drizzle-orm';
import { Gauge } from 'prom-client';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import type { Services } from '#runtime/services.js';

/** Between two looks: audit rows wait about this long for their seal. */
const restMs = 2_000;
/** Seals of one organization in a row, so that a busy one does not keep the others waiting. */
const maxSeals = 20;
const organizationsAtOnce = 100;

const unsealedRows = new Gauge({
  name: 'worksynapse_audit_unsealed_rows',
  help: 'Audit entries that had no seal yet when the sealer looked last.',
});
const unsealedAge = new Gauge({
  name: 'worksynapse_audit_unsealed_age_seconds',
  help: 'Age of the oldest audit entry that had no seal yet when the sealer looked last.',
});

/** Seals the audit logs of all organizations, a moment after their rows are written. Any number may work side by side. */
export function startAuditSealer(services: Services): { stop(): Promise<void> } {
  let isStopping = false;
  let wake = () => {};
  /** All rows of transactions before this one have been seen to; undefined before the first look. */
  let since: string | undefined;

  async function sealAll(): Promise<void> {
    if (since === undefined) {
      const { next } = await readUnsealed(services, undefined);
      await sealEverything(services, () => isStopping);
      since = next;
      return;
    }
    const { next, waiting } = await readUnsealed(services, since);
    unsealedRows.set(waiting.reduce((sum, { entries }) => sum + entries, 0));
    unsealedAge.set(Math.max(0, ...waiting.map(({ oldest }) => Date.now() - Date.parse(oldest))) / 1_000);
    let isComplete = true;
    for (const { orgId } of waiting) {
      if (isStopping) return;
      isComplete = (await sealOrganization(services, orgId)) && isComplete;
    }
    if (isComplete) since = next;
  }

  async function work(): Promise<void> {
    while (!isStopping) {
      const startedAt = performance.now();
      await sealAll().catch((err: unknown) => {
        services.logger.error({ err }, 'Audit entries could not be sealed; it is tried again');
      });
      // A database that is slow to answer is not asked all the time.
      const ms = Math.max(restMs, 4 * (performance.now() - startedAt));
      if (!isStopping) await rest(ms);
    }
  }

  async function rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const working = work();
  return {
    async stop() {
      isStopping = true;
      wake();
      await working;
    },
  };
}

/** Which organizations have rows without a seal, of this transaction or later ones, and from which one to look on. */
async function readUnsealed({ database }: Services, since: string | undefined) {
  return database.withoutOrg(async (transaction) => {
    const [[server], waiting] = await Promise.all([
      transaction.execute<{ oldest: string }>(
        sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest`,
      ),
      transaction.execute<{ orgId: string; entries: number; oldest: string }>(
        sql`SELECT org_id AS "orgId", entries, oldest FROM list_unsealed(${since ?? null}::xid8)`,
      ),
    ]);
    if (!server) throw new Error('The server does not tell its oldest transaction');
    return { next: server.oldest, waiting };
  });
}

/** What was left when the last sealer ended: organization by organization, since a look at all rows would take long. */
async function sealEverything(services: Services, isStopping: () => boolean): Promise<void> {
  let page = await listOrganizations(services, null);
  while (page.length > 0) {
    for (const id of page) {
      if (isStopping()) return;
      await sealOrganization(services, id);
    }
    page = await listOrganizations(services, page.at(-1) ?? null);
  }
}

async function listOrganizations({ database }: Services, after: string | null): Promise<string[]> {
  const rows = await database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(
      sql`SELECT id FROM list_organizations(${after}::uuid, ${organizationsAtOnce})`,
    ),
  );
  return rows.map(({ id }) => id);
}

/** False where something is left: there is more, another is at work, or it failed. */
async function sealOrganization(services: Services, orgId: string): Promise<boolean> {
  try {
    for (let seals = 0; seals < maxSeals; seals += 1) {
      const { sealed, isIncomplete } = await sealAudit(services, orgId);
      if (!isIncomplete) return true;
      if (sealed === 0) return false;
    }
  } catch (err) {
    services.logger.error({ err, orgId }, 'The audit log of an organization could not be sealed');
  }
  return false;
}
