import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.js';
import { organizations } from '#db/schema/index.js';
import type { Anchor } from '#runtime/audit/verify/check-seals.js';
import { verifyAudit } from '#runtime/audit/verify/verify-audit.js';
import type { AuditedLog } from './verify-log.js';

const maxRows = 20_000;
const pageSize = 100;

/** The logs of all organizations of a database, or of the one with this address; read as the application's role. */
export async function* storedLogs(
  database: Database,
  { slug, anchor }: { slug: string | undefined; anchor: Anchor | undefined },
): AsyncGenerator<AuditedLog> {
  for (let page = await idsAfter(database, null); page.length > 0; ) {
    for (const orgId of page) {
      const [found] = await database.withOrg(orgId, (db) =>
        db.select({ slug: organizations.slug }).from(organizations),
      );
      if (!found || (slug !== undefined && found.slug !== slug)) continue;
      const verify = (after: number) =>
        database.withOrg(orgId, (db) =>
          verifyAudit(db, orgId, { after, maxRows, anchors: anchor ? [anchor] : [] }),
        );
      yield { name: found.slug, verify };
    }
    page = await idsAfter(database, page.at(-1) ?? null);
  }
}

async function idsAfter(database: Database, after: string | null): Promise<string[]> {
  const rows = await database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  return rows.map(({ id }) => id);
}
