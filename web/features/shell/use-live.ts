import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followEvents, type LiveSources } from '../../api/live.js';

/** So long changes gather before what they concern is read anew. */
const gatherMs = 120;

/**
 * Keeps what is shown at the present: an event makes every query be read anew that names its topic in `meta.topics`.
 * Waits while changes of one's own are under way, whose rows would jump back.
 */
export function useLive(orgId: string, { events, runs, notifications }: LiveSources): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!events && !runs && !notifications) return;
    const topics = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAnew = () => {
      timer = undefined;
      if (client.isMutating() > 0) {
        timer = setTimeout(readAnew, gatherMs);
        return;
      }
      const changed = new Set(topics);
      topics.clear();
      void client.invalidateQueries({
        predicate: ({ meta }) => meta?.topics?.some((topic) => changed.has(topic)) ?? false,
      });
    };
    const stop = followEvents(
      orgId,
      { events, runs, notifications },
      {
        onEvent({ type }) {
          topics.add(type.split('.')[0] ?? type);
          timer ??= setTimeout(readAnew, gatherMs);
        },
        onReconnect: () => void client.invalidateQueries(),
      },
    );
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, orgId, events, runs, notifications]);
}
