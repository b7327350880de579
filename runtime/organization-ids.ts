import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.js';

/** Ids of some organizations of the deployment, those after one of them, in their order; empty when there are no more. */
export async function organizationIds(
  database: Pick<Database, 'withoutOrg'>,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${limit})`),
  );
  return rows.map(({ id }) => id);
}
