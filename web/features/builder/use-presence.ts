import { useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import { followPresence } from '../../api/live.js';
import { meQuery } from '../../api/queries.js';
import type { paths } from '../../client/schema.js';
import type { Onlooker } from '../canvas/canvas-props.js';

type Present = paths['/v1/automations/{id}/presence']['get']['responses'][200]['content']['application/json'];

/** How often it is said again that somebody is here: they are forgotten after 45 seconds. */
const beatMs = 20_000;
/** So long a choice rests before others are told of it. */
const restMs = 250;

/** Tells others that the draft is open here and what is chosen, and tells of the others. */
export function usePresence(automationId: string, node: string | undefined) {
  const { data: me } = useSuspenseQuery(meQuery);
  const [client] = useState(() => crypto.randomUUID());
  const [present, setPresent] = useState<Present['items']>([]);
  useEffect(() => {
    const tell = (isLeaving: boolean) => {
      const body = { client, node: node ?? null, isLeaving };
      const path = { id: automationId };
      // Who can't be told now is told with the next beat.
      void api
        .POST('/v1/automations/{id}/presence', { params: { path }, body, keepalive: isLeaving })
        .catch(() => {});
    };
    const say = () => tell(document.hidden);
    const leave = () => tell(true);
    const timer = setTimeout(say, restMs);
    const beat = setInterval(() => !document.hidden && say(), beatMs);
    document.addEventListener('visibilitychange', say);
    addEventListener('pagehide', leave);
    return () => {
      clearTimeout(timer);
      clearInterval(beat);
      document.removeEventListener('visibilitychange', say);
      removeEventListener('pagehide', leave);
    };
  }, [automationId, client, node]);
  useEffect(
    () => () => {
      const body = { client, isLeaving: true };
      void api
        .POST('/v1/automations/{id}/presence', { params: { path: { id: automationId } }, body })
        .catch(() => {});
    },
    [automationId, client],
  );
  useEffect(
    // The stream sends what the API has parsed with the schema that the type was made of.
    () => followPresence(automationId, (sent) => setPresent((sent as Present).items)),
    [automationId],
  );
  return useMemo(() => {
    const others = present.filter(({ userId }) => userId !== me.user.id);
    const people = new Map(others.map(({ userId, name }) => [userId, { userId, name }]));
    const onlookers: Record<string, Onlooker[]> = {};
    for (const { node: chosen, userId, name } of others) {
      const there = chosen === null ? undefined : (onlookers[chosen] ?? []);
      if (chosen !== null && there && !there.some((other) => other.userId === userId))
        onlookers[chosen] = [...there, { userId, name }];
    }
    return { people: [...people.values()], onlookers };
  }, [present, me]);
}
