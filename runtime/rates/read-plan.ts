import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.js';
import { organizations } from '#db/schema/index.js';
import type { Plan } from './plan.js';

/** What an organization has agreed on; `free` where there is no such organization. */
export async function readPlan(database: Pick<Database, 'withOrg'>, orgId: string): Promise<Plan> {
  const [row] = await database.withOrg(orgId, (db) =>
    db.select({ plan: organizations.plan }).from(organizations).where(eq(organizations.id, orgId)),
  );
  return row?.plan ?? 'free';
}
