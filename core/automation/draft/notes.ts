import { z } from 'zod';
import type { Draft } from './draft.js';

/** A text on the canvas, for those who read the graph. Lengths are pixels of the unscaled canvas. */
export const CanvasNote = z.object({
  id: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number().min(1),
  height: z.number().min(1),
  text: z.string(),
});
export type CanvasNote = z.output<typeof CanvasNote>;

/** Characters of a note. */
export const maxNoteLength = 5_000;
/** Pixels. */
export const noteSize = {
  first: { width: 240, height: 120 },
  least: { width: 96, height: 60 },
} as const;

const Notes = z.array(z.unknown());

/** The notes of a canvas, as `layout.notes` keeps them; what is none is left out. */
export function notesOf({ layout }: Pick<Draft, 'layout'>): readonly CanvasNote[] {
  return (Notes.safeParse(layout.notes).data ?? []).flatMap((note) => CanvasNote.safeParse(note).data ?? []);
}

/** A note more, empty, at a place. Gives the id that it got. */
export function addNote(draft: Draft, place: { x: number; y: number }): { draft: Draft; id: string } {
  const notes = notesOf(draft);
  const taken = new Set(notes.map((note) => note.id));
  let number = notes.length + 1;
  while (taken.has(`note:${number}`)) number += 1;
  const id = `note:${number}`;
  const { x, y } = place;
  return { draft: withNotes(draft, [...notes, { id, x, y, ...noteSize.first, text: '' }]), id };
}

/** The same with other fields of notes, by their ids. */
export function changeNotes(
  draft: Draft,
  changes: Readonly<Record<string, Partial<Omit<CanvasNote, 'id'>>>>,
): Draft {
  const notes = notesOf(draft);
  if (!notes.some(({ id }) => changes[id])) return draft;
  return withNotes(
    draft,
    notes.map((note) => ({ ...note, ...changes[note.id] })),
  );
}

export function removeNotes(draft: Draft, ids: readonly string[]): Draft {
  const notes = notesOf(draft);
  const left = notes.filter(({ id }) => !ids.includes(id));
  return left.length === notes.length ? draft : withNotes(draft, left);
}

function withNotes(draft: Draft, notes: readonly CanvasNote[]): Draft {
  const { notes: _, ...layout } = draft.layout;
  return { ...draft, layout: notes.length > 0 ? { ...layout, notes } : layout };
}
