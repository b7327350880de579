import { and, asc, eq, gt } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditSeals } from '#db/schema/index.js';
import { chainStart, hashSeal } from '../chain.js';
import type { Seal } from '../unsealed.js';
import { type AuditBreak, brokenSeal } from './audit-break.js';

/** A seal that was kept elsewhere. */
export interface Anchor {
  seal: number;
  hash: string;
}

const pageSize = 1_000;

/** Checks the seals by themselves: their hashes, and that each begins where the one before ends. Then the anchors. */
export async function checkSeals(
  db: Transaction,
  orgId: string,
  anchors: readonly Anchor[],
): Promise<AuditBreak | undefined> {
  const start = chainStart(orgId);
  let previous: Pick<Seal, 'number' | 'lastPosition' | 'hash'> = { number: 0, lastPosition: 0, hash: start };
  for (;;) {
    const seals = await db
      .select()
      .from(auditSeals)
      .where(and(eq(auditSeals.orgId, orgId), gt(auditSeals.number, previous.number)))
      .orderBy(asc(auditSeals.number))
      .limit(pageSize);
    for (const seal of seals) {
      if (!follows(seal, previous) || hashSeal(seal) !== seal.hash) return brokenSeal('seal_mismatch', seal);
      if (anchors.some((anchor) => anchor.seal === seal.number && anchor.hash !== seal.hash))
        return brokenSeal('anchor_mismatch', seal);
      previous = seal;
    }
    if (seals.length < pageSize) break;
  }
  const missing = anchors.find(({ seal }) => seal > previous.number);
  return missing && brokenSeal('anchor_mismatch', { number: missing.seal, firstPosition: null });
}

function follows(seal: Seal, previous: Pick<Seal, 'number' | 'lastPosition' | 'hash'>): boolean {
  return (
    seal.number === previous.number + 1 &&
    seal.firstPosition === previous.lastPosition + 1 &&
    seal.lastPosition >= seal.firstPosition &&
    seal.previousHash === previous.hash
  );
}
