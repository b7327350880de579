import { randomUUID } from 'node:crypto';

/** Something that happened, on its way into the outbox. */
export interface OutboxEvent {
  /** Time-ordered. */
  id: string;
  type: string;
  payload: unknown;
  /** The run that caused it, if one did. */
  runId: string | null;
  /** How many automations stand between it and the outside event that began the chain. */
  depth: number;
  /** Of what support did: the grant that let it in. */
  supportGrantId?: string | undefined;
  /** Set where the dispatcher has to look at it though no automation listens to its type. */
  isAwaited?: boolean;
  /** Set where people are to be told of it. */
  isNotice?: boolean;
}

/** Channel on which dispatchers hear that there is work. */
export const dispatchChannel = 'worksynapse_dispatch';

/** UUID version 7 (RFC 9562): milliseconds since 1970, then random bits; sorts by time. */
export function timeOrderedId(nowMs: number = Date.now()): string {
  const time = nowMs.toString(16).padStart(12, '0');
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
