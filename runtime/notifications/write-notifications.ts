import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Notice, NotificationKind } from '#core/notification.js';
import type { Transaction } from '#db/client.js';
import { events, notifications, users } from '#db/schema/index.js';
import { cut } from '../mail/mail.js';
import { writeMails } from '../mail/write-mails.js';
import { hiddenFromPeople, projectOfEvent } from '../policies/event-visibility.js';
import type { Services } from '../services.js';
import { noticesOf } from './concerns-others.js';
import { type Addressee, findAddressees } from './find-audience.js';
import { notificationMail } from './notification-mail.js';
import { readWays } from './wanted-ways.js';

/** One thing that one person is told. */
interface Tiding {
  kind: NotificationKind;
  notice: Notice;
  eventId: string;
  person: Addressee;
}

const maxTitle = 300;

/**
 * Tells people of events, as their kinds say and as each wants it, in the transaction that takes the events from the
 * queue: so each is told once, whatever dies. Returns whose notifications have changed.
 */
export async function writeNotifications(
  services: Services,
  transaction: Transaction,
  orgId: string,
  eventIds: readonly string[],
): Promise<string[]> {
  const happened = await transaction
    .select({ id: events.id, type: events.type, payload: events.payload })
    .from(events)
    .where(and(eq(events.orgId, orgId), inArray(events.id, [...eventIds])))
    .orderBy(asc(events.id));
  const kinds = [...services.catalogue.notifications.values()];
  const told = happened.flatMap((event) =>
    kinds.flatMap((kind) =>
      noticesOf(kind, event).map((notice) => ({
        kind,
        notice,
        eventId: event.id,
        projectId: projectOfEvent(event.type, event.payload),
      })),
    ),
  );
  const addresseesOf = await findAddressees(
    transaction,
    told.map(({ notice }) => notice.to),
  );
  const named = await withNames(transaction, told);
  const meant = named.flatMap((one) => addresseesOf(one.notice.to).map((person) => ({ ...one, person })));
  const hidden = await hiddenFromPeople(
    transaction,
    meant.flatMap(({ projectId }) => projectId ?? []),
    meant.map(({ person }) => person.userId),
  );
  const tidings = meant.filter(({ person, projectId }) => !hidden.has(`${person.userId} ${projectId}`));
  const waysOf = await readWays(transaction, {
    orgId,
    userIds: tidings.map(({ person }) => person.userId),
    kinds,
  });
  const shown = tidings.filter(({ person, kind }) => waysOf(person.userId, kind).app);
  const mailed = tidings.filter(({ person, kind }) => !kind.hasOwnMail && waysOf(person.userId, kind).mail);
  await insertUnread(transaction, orgId, shown);
  const mails = mailed.map((tiding) => notificationMail(services, tiding));
  await writeMails(services, transaction, orgId, mails);
  const settled = await settle(transaction, orgId, kinds, happened);
  return [...new Set([...shown.map(({ person }) => person.userId), ...settled])];
}

/** The notices with names in place of persons. */
async function withNames<One extends { notice: Notice }>(
  transaction: Transaction,
  told: readonly One[],
): Promise<One[]> {
  const ids = told.flatMap(({ notice }) => notice.personId ?? []);
  const rows =
    ids.length === 0
      ? []
      : await transaction
          .select({ id: users.id, name: users.name })
          .from(users)
          .where(inArray(users.id, ids));
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return told.map((one) => {
    const name = names.get(one.notice.personId ?? '') ?? 'Somebody';
    return {
      ...one,
      notice: { ...one.notice, title: cut(one.notice.title.replace('{person}', name), maxTitle) },
    };
  });
}

/** Writes what was not told before; what a person has not read yet of the same subject takes up the news. */
async function insertUnread(
  transaction: Transaction,
  orgId: string,
  shown: readonly Tiding[],
): Promise<void> {
  const rows = new Map<string, typeof notifications.$inferInsert & { count: number }>();
  for (const { kind, notice, eventId, person } of shown) {
    const { subjectId, title, path } = notice;
    const key = `${person.userId} ${kind.name} ${subjectId}`;
    const count = (rows.get(key)?.count ?? 0) + 1;
    const row = { orgId, userId: person.userId, kind: kind.name, subjectId, title, path, eventId, count };
    rows.set(key, row);
  }
  if (rows.size === 0) return;
  await transaction
    .insert(notifications)
    .values([...rows.values()])
    .onConflictDoUpdate({
      target: [notifications.orgId, notifications.userId, notifications.kind, notifications.subjectId],
      targetWhere: isNull(notifications.readAt),
      set: {
        title: sql`excluded.title`,
        path: sql`excluded.path`,
        eventId: sql`excluded.event_id`,
        at: sql`now()`,
        count: sql`${notifications.count} + excluded.count`,
      },
      setWhere: sql`${notifications.eventId} <> excluded.event_id`,
    });
}

/** Marks as read what there is nothing left to do about; returns whose. */
async function settle(
  transaction: Transaction,
  orgId: string,
  kinds: readonly NotificationKind[],
  happened: readonly { type: string; payload: unknown }[],
): Promise<string[]> {
  const over: string[] = [];
  for (const { name, ends = [] } of kinds) {
    const subjects = ends.flatMap(({ event, subjectOf }) =>
      happened.filter(({ type }) => type === event).map(({ payload }) => subjectOf(payload)),
    );
    if (subjects.length === 0) continue;
    const rows = await transaction
      .update(notifications)
      .set({ readAt: sql`now()` })
      .where(
        and(
          eq(notifications.orgId, orgId),
          eq(notifications.kind, name),
          inArray(notifications.subjectId, subjects),
          isNull(notifications.readAt),
        ),
      )
      .returning({ userId: notifications.userId });
    over.push(...rows.map(({ userId }) => userId));
  }
  return over;
}
