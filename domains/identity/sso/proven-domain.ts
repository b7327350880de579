import { and, eq, isNotNull } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { organizationDomains } from '#db/schema/index.js';

/** The mail domain of an address, in lower case; empty if it has none. */
export function mailDomainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** True if the organization of the transaction has proven that the domain is its own. */
export async function isProvenDomain(
  transaction: Transaction,
  orgId: string,
  domain: string,
): Promise<boolean> {
  const proven = await transaction
    .select({ id: organizationDomains.id })
    .from(organizationDomains)
    .where(
      and(
        eq(organizationDomains.orgId, orgId),
        eq(organizationDomains.domain, domain.toLowerCase()),
        isNotNull(organizationDomains.verifiedAt),
      ),
    );
  return proven.length > 0;
}
