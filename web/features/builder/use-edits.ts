import { useState } from 'react';
import { toast } from 'sonner';
import { z } from 'zod';
import { CopiedNodes, copyNodes, pasteNodes } from '#core/automation/draft/copy-nodes.js';
import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import {
  addNode,
  type Connection,
  type Place,
  placeNodes,
  removeNodes,
} from '#core/automation/draft/edit-draft.js';
import { addNote, notesOf, removeNotes } from '#core/automation/draft/notes.js';
import { arrange, type Position, positionsOf } from '../canvas/arrange.js';
import type { DraftStore } from './draft-store.js';
import { newNode, type Offer } from './new-node.js';

const DraggedOffer = z.object({ type: z.string(), action: z.string().optional(), title: z.string() });

/** What is chosen of a draft, and what is done to it by keys, buttons and mouse. */
export function useEdits(store: DraftStore, draft: Draft) {
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [added, setAdded] = useState<string>();
  const existing = selected.filter(
    (entry) =>
      entry === triggerId ||
      draft.nodes.some((node) => node.id === entry) ||
      notesOf(draft).some((note) => note.id === entry),
  );

  const add = (offer: Offer, change: (present: Draft, node: Draft['nodes'][number]) => Draft) => {
    const node = newNode(store.draft, offer);
    store.change((present) => change(present, node));
    setSelected([node.id]);
    setAdded(node.id);
  };
  const paste = (text: string) => {
    const copied = CopiedNodes.safeParse(parseJson(text)).data;
    if (!copied) return;
    const pasted = pasteNodes(store.draft, copied);
    store.change(() => pasted.draft);
    setSelected(pasted.ids);
  };

  return {
    selected: existing,
    /** The same, also of what is in another version only. */
    selectedAnywhere: selected,
    select: setSelected,
    /** The step that was added last. */
    added,
    addStep: (offer: Offer, place: Place | undefined) =>
      add(offer, (present, node) => addNode(present, node, place)),
    /** A step that was dragged onto the canvas. */
    dropStep(dragged: string, at: { edge: Connection } | { position: Position }) {
      const offer = DraggedOffer.safeParse(parseJson(dragged)).data;
      if (!offer) return;
      add(offer, (present, node) =>
        'edge' in at ? addNode(present, node, at.edge) : placed(addNode(present, node), node.id, at.position),
      );
    },
    addNote() {
      const { draft: noted, id } = addNote(store.draft, besideSteps(store.draft));
      store.change(() => noted);
      setSelected([id]);
    },
    remove(ids: readonly string[]) {
      store.change((present) => removeNotes(removeNodes(present, ids), ids));
      setSelected([]);
    },
    copy() {
      const copied = copyNodes(store.draft, existing);
      if (!copied) return undefined;
      toast(`${copied.nodes.length} ${copied.nodes.length === 1 ? 'step' : 'steps'} copied`);
      return JSON.stringify(copied, null, 2);
    },
    paste,
    duplicate(ids: readonly string[]) {
      const copied = copyNodes(store.draft, ids);
      if (copied) paste(JSON.stringify(copied));
    },
  };
}

/** Where it was let go; all others stay where they are seen. */
function placed(draft: Draft, id: string, position: Position): Draft {
  const seen = positionsOf(draft, arrange(draft));
  return placeNodes(draft, { ...Object.fromEntries(seen), [id]: position });
}

/** To the left of all steps and notes, at the height of the first. */
function besideSteps(draft: Draft): Position {
  const seen = [...positionsOf(draft, arrange(draft)).values()];
  const notes = notesOf(draft);
  const left = Math.min(...seen.map(({ x }) => x), ...notes.map(({ x }) => x));
  const top = Math.min(...seen.map(({ y }) => y));
  return { x: left - 288, y: top };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
