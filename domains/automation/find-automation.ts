import { and, eq, isNull } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automations } from '#db/schema/index.js';

/** The automation's row. Throws `not_found`, also for one that is deleted. */
export async function findAutomation(db: Transaction, id: string) {
  const [row] = await rowsOf(db, id);
  return required(row);
}

/** The automation's row, kept from changing until the transaction ends. Throws `not_found`. */
export async function lockAutomation(db: Transaction, id: string) {
  const [row] = await rowsOf(db, id).for('no key update');
  return required(row);
}

function rowsOf(db: Transaction, id: string) {
  return db
    .select()
    .from(automations)
    .where(and(eq(automations.id, id), isNull(automations.deletedAt)));
}

function required<Row>(row: Row | undefined): Row {
  if (!row) throw new AppError('not_found', 'There is no such automation');
  return row;
}

/** Throws `not_found` unless there is such an automation. */
export async function requireAutomation(db: Transaction, id: string): Promise<void> {
  const [row] = await db
    .select({ id: automations.id })
    .from(automations)
    .where(and(eq(automations.id, id), isNull(automations.deletedAt)));
  if (!row) throw new AppError('not_found', 'There is no such automation');
}
