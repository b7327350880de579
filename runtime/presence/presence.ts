import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Hub, type HubMessage, hubTopic } from '../hub/hub.js';

/** Somebody who has an automation's draft open, in one window. */
export interface Presence {
  /** The window, by a name of its own making. */
  client: string;
  userId: string;
  /** What they have chosen: id of a node, or `trigger`. */
  node: string | null;
}

/** Who has what open: in memory only, told from process to process by the hub, forgotten unless it is said again. */
export interface PresenceBoard {
  /** Is to be said again within `lifetimeMs`. Ignored where there are too many already. */
  enter(place: PresencePlace, presence: Presence): void;
  leave(place: PresencePlace, presence: Pick<Presence, 'client' | 'userId'>): void;
  /** Those who are there now, by the time at which they came. */
  list(place: PresencePlace): readonly Presence[];
}

export interface PresencePlace {
  orgId: string;
  automationId: string;
}

/** So long somebody counts as there after they have said so. */
export const lifetimeMs = 45_000;
/** Windows in one place, and places in one process. */
const limits = { windows: 100, places: 10_000 } as const;

interface Entry extends Presence {
  expiresAt: number;
  /** They said it to this process, which says it again to those who ask. */
  isOwn: boolean;
}

interface Room {
  entries: Map<string, Entry>;
  stop(): void;
}

const enters = 'enter ';
const leaves = 'leave ';
const asks = 'who';
const Entered = z.tuple([z.string(), z.string().nullable(), z.string()]);

/** `now` gives milliseconds from any start. */
export function createPresenceBoard(hub: Hub, now: () => number = () => performance.now()): PresenceBoard {
  const rooms = new Map<string, Room>();
  /** By which it knows its own messages. */
  const board = randomBytes(6).toString('base64url');

  function roomOf({ orgId, automationId }: PresencePlace): Room & { topic: string } {
    const topic = hubTopic.presence(orgId, automationId);
    const known = rooms.get(topic);
    if (known) {
      // The place that was asked for longest ago is the first to go.
      rooms.delete(topic);
      rooms.set(topic, known);
      return { topic, ...known };
    }
    for (const [oldest, room] of rooms) {
      if (rooms.size < limits.places) break;
      room.stop();
      rooms.delete(oldest);
    }
    const entries = new Map<string, Entry>();
    const room = { entries, stop: hub.subscribe(topic, (message) => hear(topic, entries, message)) };
    rooms.set(topic, room);
    hub.publish(topic, { type: asks, id: '' });
    return { topic, ...room };
  }

  function hear(topic: string, entries: Map<string, Entry>, { type, id }: HubMessage): void {
    forgetExpired(entries);
    if (type === asks) {
      for (const entry of entries.values()) if (entry.isOwn) tell(topic, entry);
    } else if (type.startsWith(leaves)) {
      entries.delete(type.slice(leaves.length));
    } else if (type.startsWith(enters)) {
      const key = type.slice(enters.length);
      const [userId, node, from] = Entered.parse(JSON.parse(id));
      if (from !== board) put(entries, { client: clientOf(key), userId, node }, false);
    }
  }

  function put(entries: Map<string, Entry>, presence: Presence, isOwn: boolean): boolean {
    const key = keyOf(presence);
    if (!entries.has(key) && entries.size >= limits.windows) return false;
    entries.set(key, { ...presence, isOwn, expiresAt: now() + lifetimeMs });
    return true;
  }

  function tell(topic: string, { client, userId, node }: Presence): void {
    hub.publish(topic, {
      type: enters + keyOf({ client, userId }),
      id: JSON.stringify([userId, node, board]),
    });
  }

  function forgetExpired(entries: Map<string, Entry>): void {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= now()) entries.delete(key);
  }

  return {
    enter(place, presence) {
      const { topic, entries } = roomOf(place);
      forgetExpired(entries);
      if (put(entries, presence, true)) tell(topic, presence);
    },
    leave(place, presence) {
      const { topic, entries } = roomOf(place);
      const key = keyOf(presence);
      entries.delete(key);
      hub.publish(topic, { type: leaves + key, id: '' });
    },
    list(place) {
      const { entries } = roomOf(place);
      forgetExpired(entries);
      return [...entries.values()].map(({ client, userId, node }) => ({ client, userId, node }));
    },
  };
}

/** Led by the person, so that nobody can speak for another's window. */
function keyOf({ userId, client }: Pick<Presence, 'client' | 'userId'>): string {
  return `${userId} ${client}`;
}

function clientOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}
