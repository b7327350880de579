import { eq } from 'drizzle-orm';
import { AppError, type CurrentVersion } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { users } from '#db/schema/index.js';

/** What a row says of its last change. `updatedBy` is the id of a user, where the table has it. */
export interface ChangeMarks {
  version: number;
  /** ISO 8601. */
  updatedAt: string;
  updatedBy?: string | null;
}

/**
 * Throws `conflict` unless a row is still at the version that the caller has read. The error tells what the row is at
 * now: version, time and, where that is recorded, author.
 */
export async function requireVersion(
  db: Transaction,
  singular: string,
  read: number | undefined,
  present: ChangeMarks,
): Promise<void> {
  if (read === undefined || read === present.version) return;
  const author = present.updatedBy ? await nameOf(db, present.updatedBy) : undefined;
  const current: CurrentVersion = {
    version: present.version,
    updatedAt: present.updatedAt,
    ...(author && { updatedBy: author }),
  };
  const by = author ? ` by ${author.name}` : '';
  throw new AppError(
    'conflict',
    `The ${singular} was changed meanwhile${by} at ${present.updatedAt}: it is at version ${present.version}, not ${read}`,
    { issues: [{ path: 'version', message: `is ${present.version} now` }], current },
  );
}

async function nameOf(db: Transaction, id: string) {
  const [author] = await db.select({ id: users.id, name: users.name }).from(users).where(eq(users.id, id));
  return author;
}
