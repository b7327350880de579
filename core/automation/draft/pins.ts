import { type Draft, triggerId } from './draft.js';

/** What is pinned, by node id; that of the trigger is `trigger`. */
export function pinnedOf({ pinned }: Draft): Readonly<Record<string, unknown>> {
  return { ...pinned?.steps, ...(pinned?.trigger && { [triggerId]: pinned.trigger }) };
}

/** Pins what a node gives in tests; of the trigger it has to be an object. */
export function pinValue(draft: Draft, id: string, value: unknown): Draft {
  const { pinned } = draft;
  if (id === triggerId) return { ...draft, pinned: { ...pinned, trigger: { ...Object(value) } } };
  return { ...draft, pinned: { ...pinned, steps: { ...pinned?.steps, [id]: value } } };
}

export function unpin(draft: Draft, id: string): Draft {
  if (!Object.hasOwn(pinnedOf(draft), id)) return draft;
  const { pinned, ...rest } = draft;
  const { trigger, steps = {}, ...more } = pinned ?? {};
  const { [id]: _, ...left } = steps;
  const kept = {
    ...more,
    ...(trigger && id !== triggerId && { trigger }),
    ...(Object.keys(left).length > 0 && { steps: left }),
  };
  return Object.keys(kept).length > 0 ? { ...rest, pinned: kept } : rest;
}
