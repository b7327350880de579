import { eq } from 'drizzle-orm';
import type { ExportReference } from '#core/privacy.js';
import type { Transaction } from '#db/client.js';
import { dataExports, users } from '#db/schema/index.js';
import type { Subject } from '../stores/data-store.js';

/** The row of an export and whose data it is about; undefined if there is none, or the person is not to be seen. */
export async function readExport(transaction: Transaction, { exportId }: Pick<ExportReference, 'exportId'>) {
  const [row] = await transaction.select().from(dataExports).where(eq(dataExports.id, exportId));
  if (!row) return undefined;
  const subject = await subjectOf(transaction, row.subjectId, row.requestedBy);
  return subject && { row, subject };
}

async function subjectOf(
  transaction: Transaction,
  userId: string | null,
  requestedBy: string,
): Promise<Subject | undefined> {
  if (userId === null) return { kind: 'organization' };
  const [person] = await transaction.select({ email: users.email }).from(users).where(eq(users.id, userId));
  return person && { kind: 'person', userId, email: person.email, isOwnWish: requestedBy === userId };
}
