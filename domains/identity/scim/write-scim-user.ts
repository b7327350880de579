import { sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { scimUsers } from '#db/schema/index.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { keptAttributes, type ScimUserInput } from './scim-user.js';

/** Keeps what the provider says of a member. Throws `conflict` naming the field for a name or id of somebody else. */
export async function writeScimUser(
  db: Transaction,
  { orgId, userId }: { orgId: string; userId: string },
  input: ScimUserInput,
): Promise<void> {
  const said = {
    userName: input.userName,
    externalId: input.externalId ?? null,
    attributes: keptAttributes(input),
  };
  try {
    await db
      .insert(scimUsers)
      .values({ orgId, userId, ...said })
      .onConflictDoUpdate({
        target: [scimUsers.orgId, scimUsers.userId],
        set: { ...said, updatedAt: sql`now()`, deletedAt: null },
      });
  } catch (error) {
    if (violatesUnique(error, 'scim_users_org_id_user_name_unique')) throw taken('userName', error);
    if (violatesUnique(error, 'scim_users_external_id')) throw taken('externalId', error);
    throw error;
  }
}

/** `conflict` of a field whose value somebody else has. */
export function taken(path: string, cause?: unknown): AppError {
  const issues = [{ path, message: 'is taken' }];
  return new AppError('conflict', `${path}: is taken`, { issues, ...(cause !== undefined && { cause }) });
}
