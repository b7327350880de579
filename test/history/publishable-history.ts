import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import type { StoredHistory } from './stored-history.js';

const History = z.object({ events: z.array(z.unknown()) });

/**
 * A history as JSON that may be published: payloads in the clear, without what belongs to the machine on which it was
 * recorded (process and host names, names of a worker's own queue). Nothing of that matters to a replay. One event a
 * line.
 */
export function publishableHistory({ decoded }: StoredHistory): string {
  const { events } = History.parse(JSON.parse(historyToJSON(decoded)));
  const lines = events.map((event) => JSON.stringify(withoutMachine(event)));
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => {
    if (key === 'identity') return [key, 'worker'];
    if (key === 'taskQueue' && isStickyQueue(entry)) return [key, { ...entry, name: 'worker' }];
    return [key, withoutMachine(entry)];
  });
  return Object.fromEntries(entries);
}

function isStickyQueue(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'TASK_QUEUE_KIND_STICKY'
  );
}
