import type { Draft } from './draft.js';

/** A draft, what it was before, and what was taken back of it. */
export interface DraftHistory {
  past: readonly Draft[];
  present: Draft;
  future: readonly Draft[];
  /** What the last change was about: another of the same goes with it, as one letter does with the next. */
  about: string | undefined;
}

/** How many changes can be taken back. */
const depth = 200;

export function historyOf(draft: Draft): DraftHistory {
  return { past: [], present: draft, future: [], about: undefined };
}

/** The history with one change more. Changes one after another with the same `about` are taken back together. */
export function record(history: DraftHistory, draft: Draft, about?: string): DraftHistory {
  const { past, present } = history;
  if (draft === present) return history;
  const isMore = about !== undefined && about === history.about;
  return {
    past: isMore ? past : [...past, present].slice(-depth),
    present: draft,
    future: [],
    about,
  };
}

export function undo(history: DraftHistory): DraftHistory {
  const { past, present, future } = history;
  const before = past.at(-1);
  if (!before) return history;
  return { past: past.slice(0, -1), present: before, future: [present, ...future], about: undefined };
}

export function redo(history: DraftHistory): DraftHistory {
  const { past, present, future } = history;
  const [next, ...rest] = future;
  if (!next) return history;
  return { past: [...past, present], present: next, future: rest, about: undefined };
}
