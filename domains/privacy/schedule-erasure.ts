import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, erasures } from '#db/schema/index.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { type Erasure, erasureColumns, graceDays } from './erasure.js';

export interface WantedErasure {
  orgId: string;
  subjectId: string;
  requestedBy: string;
  includesName: boolean;
  accountErasureId: string | null;
}

/**
 * Writes an erasure that begins when its time of grace is over, in the organization that the transaction is in. Throws
 * `conflict` where there is one of the person already.
 */
export async function scheduleErasure(
  transaction: Transaction,
  wanted: WantedErasure,
): Promise<z.input<typeof Erasure>> {
  const dueAt = sql`now() + make_interval(days => ${graceDays})`;
  try {
    const [made] = await transaction
      .insert(erasures)
      .values({ ...wanted, dueAt })
      .returning(erasureColumns);
    if (!made) throw new AppError('internal', 'The erasure was not written');
    const note = { orgId: wanted.orgId, kind: 'erasure' as const, sourceId: made.id };
    await transaction.insert(dispatchQueue).values({ ...note, availableAt: dueAt });
    return made;
  } catch (error) {
    if (!violatesUnique(error, 'erasures_open')) throw error;
    throw new AppError('conflict', 'An erasure of this person is under way already', { cause: error });
  }
}
