import { and, eq, sql } from 'drizzle-orm';
import ipaddr from 'ipaddr.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { apiKeys } from '#db/schema/index.js';
import type { Caller } from '#runtime/caller.js';
import { keyGates, keyStandingFields } from '#runtime/key-standing.js';
import { noteRefusedNetwork } from '#runtime/security/note-refusals.js';
import type { Services } from '#runtime/services.js';
import { parseApiKey } from './api-key.js';
import { hashToken, isSameHash } from './bound-token.js';

type KeyServices = Pick<Services, 'database' | 'configuration' | 'vault' | 'logger'>;

/**
 * Finds who calls with an API key, from an address, and notes that it was used, at most once a minute. Throws
 * `unauthenticated`, the same for a key that never was, is revoked, has expired, was replaced, or is not good there.
 * Rights are looked up later, when something is performed.
 */
export async function resolveApiKey(services: KeyServices, key: string, address?: string): Promise<Caller> {
  const parsed = parseApiKey(key);
  if (!parsed) throw refusal();
  const { orgId, keyId } = parsed;
  const hash = hashToken(key);
  return services.database.withOrg(orgId, async (transaction) => {
    const found = await findKey(transaction, orgId, keyId);
    if (!found) throw refusal();
    const reason = reasonAgainst(found, hash, address);
    if (reason !== undefined) throw refuse(services, { orgId, keyId, userId: found.userId, address, reason });
    if (found.isStale) await noteUse(transaction, { orgId, keyId, address });
    return { kind: 'api_key', orgId, keyId, userId: found.userId, scopes: found.scopes };
  });
}

type FoundKey = NonNullable<Awaited<ReturnType<typeof findKey>>>;

async function findKey(transaction: Transaction, orgId: string, keyId: string) {
  const [found] = await transaction
    .select({
      hash: apiKeys.hash,
      previousHash: sql<
        string | null
      >`CASE WHEN ${apiKeys.previousUntil} > now() THEN ${apiKeys.previousHash} END`,
      userId: apiKeys.userId,
      scopes: apiKeys.scopes,
      ...keyStandingFields,
      isStale: sql<boolean>`coalesce(${apiKeys.lastUsedAt} < now() - interval '1 minute', true)`,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.id, keyId)));
  return found;
}

function reasonAgainst(found: FoundKey, hash: string, address: string | undefined): string | undefined {
  const isPresent = isSameHash(found.hash, hash);
  const isPrevious = isSameHash(found.previousHash ?? '', hash);
  if (!isPresent && !isPrevious) return 'secret';
  return keyGates.find(({ isPassed }) => !isPassed(found, address))?.reason;
}

async function noteUse(
  transaction: Transaction,
  { orgId, keyId, address }: { orgId: string; keyId: string; address: string | undefined },
): Promise<void> {
  await transaction
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()`, lastUsedIp: plainAddress(address) })
    .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.id, keyId)));
}

/** IPv4 as IPv4, also when it came in as IPv6. */
function plainAddress(address: string | undefined): string | null {
  return address !== undefined && ipaddr.isValid(address) ? ipaddr.process(address).toString() : null;
}

interface Refused {
  orgId: string;
  keyId: string;
  userId: string;
  address: string | undefined;
  reason: string;
}

/** The one place that tells why: whoever called is told the same each time. */
function refuse(services: KeyServices, { address, reason, ...key }: Refused): AppError {
  const { orgId, keyId } = key;
  services.logger.warn({ orgId, keyId, address, reason }, 'an API key was refused');
  if (reason === 'network') void noteRefusedNetwork(services, key, plainAddress(address));
  return refusal();
}

function refusal(): AppError {
  return new AppError('unauthenticated', 'The API key is not valid');
}
