import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { organizations } from '#db/schema/index.js';

/** The moment at which a key is to end. */
export const KeyEnd = z.iso
  .datetime({ offset: true })
  .refine((moment) => Date.parse(moment) > Date.now(), 'must be in the future');

/**
 * When a key ends that is made now: as wished, else at the organization's limit, else never (null). Throws `validation`
 * naming `expiresAt` for a wish beyond the limit.
 */
export async function keyEnd(
  db: Transaction,
  orgId: string,
  wished: string | undefined,
): Promise<string | null> {
  const [row] = await db
    .select({
      maxDays: organizations.apiKeyMaxDays,
      // A minute more, so that who computes the limit for themselves is not refused for the time on the way.
      latest: sql<Date | null>`now() + make_interval(days => ${organizations.apiKeyMaxDays}) + interval '1 minute'`,
    })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  if (!row?.latest) return wished ?? null;
  const latest = new Date(row.latest);
  if (wished === undefined) return latest.toISOString();
  if (Date.parse(wished) <= latest.getTime()) return wished;
  throw invalidField({
    path: 'expiresAt',
    message: `must be within ${row.maxDays} days, which is what the organization allows`,
  });
}
