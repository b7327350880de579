import { and, eq, inArray } from 'drizzle-orm';
import type { NotificationKind } from '#core/notification.js';
import type { Transaction } from '#db/client.js';
import { notificationPreferences } from '#db/schema/index.js';

/** How a person is told of a kind. */
export interface Ways {
  app: boolean;
  mail: boolean;
}

/** Reads how people want to be told; returns the ways of one of them for a kind. */
export async function readWays(
  transaction: Transaction,
  {
    orgId,
    userIds,
    kinds,
  }: { orgId: string; userIds: readonly string[]; kinds: readonly NotificationKind[] },
): Promise<(userId: string, kind: NotificationKind) => Ways> {
  const rows =
    userIds.length === 0
      ? []
      : await transaction
          .select()
          .from(notificationPreferences)
          .where(
            and(
              eq(notificationPreferences.orgId, orgId),
              inArray(notificationPreferences.userId, [...new Set(userIds)]),
              inArray(
                notificationPreferences.kind,
                kinds.map(({ name }) => name),
              ),
            ),
          );
  const chosen = new Map(rows.map((row) => [`${row.userId} ${row.kind}`, row]));
  return (userId, { name, defaults }) => {
    const row = chosen.get(`${userId} ${name}`);
    return row ? { app: row.inApp, mail: row.byMail } : defaults;
  };
}

/** Those of the people who have not said that they want no mail of a kind, which is mailed unless they do. */
export async function wantingMail<Person extends { userId: string }>(
  transaction: Transaction,
  kind: string,
  people: readonly Person[],
): Promise<Person[]> {
  if (people.length === 0) return [];
  const declined = await transaction
    .select({ userId: notificationPreferences.userId })
    .from(notificationPreferences)
    .where(
      and(
        eq(notificationPreferences.kind, kind),
        eq(notificationPreferences.byMail, false),
        inArray(
          notificationPreferences.userId,
          people.map(({ userId }) => userId),
        ),
      ),
    );
  const without = new Set(declined.map(({ userId }) => userId));
  return people.filter(({ userId }) => !without.has(userId));
}
