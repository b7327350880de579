import type { Catalogue } from '#core/catalogue.js';
import type { NotificationKind } from '#core/notification.js';
import type { Action } from '../domain.js';

type Kinds = Pick<Catalogue<Action>, 'notifications'>;

/** True if some kind has something to do with the event, other than to tell its doer of what they did themselves. */
export function concernsOthers(
  catalogue: Kinds,
  { type, payload }: { type: string; payload: unknown },
  doer: string | undefined,
): boolean {
  for (const kind of catalogue.notifications.values()) {
    if (kind.ends?.some(({ event }) => event === type)) return true;
    if (noticesOf(kind, { type, payload }).some(({ to }) => !isFor(to, doer))) return true;
  }
  return false;
}

/** What a kind tells of an event. */
export function noticesOf(
  { causes }: NotificationKind,
  { type, payload }: { type: string; payload: unknown },
) {
  return causes.filter(({ event }) => event === type).flatMap(({ tell }) => tell(payload) ?? []);
}

/** True if it is for nobody but the person. */
function isFor(
  { users, roles = [] }: { users: readonly string[]; roles?: readonly string[] },
  userId: string | undefined,
) {
  return roles.length === 0 && users.every((user) => user === userId);
}
