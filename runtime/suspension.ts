import { eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { organizations } from '#db/schema/index.js';

/** How soon a step of a suspended organization is tried again. */
const retryAfterMs = 15_000;

/** True while the platform has suspended the organization. */
export async function isSuspended(db: Transaction, orgId: string): Promise<boolean> {
  const [row] = await db
    .select({ is: sql<boolean>`${organizations.suspendedAt} IS NOT NULL` })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  return row?.is === true;
}

/** Whether, and why, the platform has suspended an organization. */
export interface Suspension {
  suspendedAt: string | null;
  suspensionReason: string | null;
}

/** Why nothing can be done in a suspended organization, as its members are told. */
export function suspensionRefusal({ suspendedAt, suspensionReason }: Suspension): AppError | undefined {
  if (suspendedAt === null) return undefined;
  const message = `This organization is suspended: ${suspensionReason ?? 'ask those who run this installation'}`;
  return new AppError('organization_suspended', message, { retryAfterMs });
}
