import { type Node, type NodeProps, NodeResizer } from '@xyflow/react';
import { Trash2 } from 'lucide-react';
import { use } from 'react';
import { type CanvasNote, maxNoteLength, noteSize, notesOf } from '#core/automation/draft/notes.js';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { CanvasEditingContext } from './canvas-editing.js';
import type { Definition } from './canvas-props.js';

export interface NoteData extends Record<string, unknown> {
  text: string;
}

export type NoteNode = Node<NoteData, 'note'>;

/** The notes of a canvas, behind its cards. */
export function noteCards(definition: Pick<Definition, 'layout'>): NoteNode[] {
  return notesOf(definition).map(({ id, x, y, width, height, text }: CanvasNote) => ({
    id,
    type: 'note',
    position: { x, y },
    width,
    height,
    measured: { width, height },
    zIndex: -1,
    connectable: false,
    ariaLabel: `Note: ${text || 'empty'}`,
    data: { text },
  }));
}

/** A note; where the canvas can be changed it is written into while it is chosen, and drawn larger at its edges. */
export function NoteCard({ id, data: { text }, selected }: NodeProps<NoteNode>) {
  const editing = use(CanvasEditingContext);
  const isEdited = editing !== undefined && selected;
  return (
    <div
      className={classNames(
        'flex size-full flex-col rounded-lg border bg-note text-text',
        selected ? 'border-accent ring-1 ring-accent' : 'border-note-line',
      )}
    >
      {editing && (
        <NodeResizer
          isVisible={selected}
          minWidth={noteSize.least.width}
          minHeight={noteSize.least.height}
          lineClassName="border-accent!"
          handleClassName="size-2! rounded-sm! border-accent! bg-raised!"
          onResizeEnd={(_, { x, y, width, height }) =>
            editing.onChangeNote(id, {
              x: Math.round(x),
              y: Math.round(y),
              width: Math.round(width),
              height: Math.round(height),
            })
          }
        />
      )}
      {isEdited ? (
        <>
          <div className="flex h-6 shrink-0 cursor-grab items-center justify-end pr-1">
            <Button
              look="ghost"
              size="icon"
              className="nodrag size-5 [&_svg]:size-3.5"
              aria-label="Delete the note"
              onClick={() => editing.onRemoveNote(id)}
            >
              <Trash2 aria-hidden />
            </Button>
          </div>
          <textarea
            aria-label="Text of the note"
            placeholder="What others should know"
            className="nodrag nowheel nokey min-h-0 flex-1 resize-none bg-transparent px-3 pb-2 outline-none placeholder:text-soft"
            maxLength={maxNoteLength}
            value={text}
            onChange={({ target }) => editing.onChangeNote(id, { text: target.value }, `${id}.text`)}
          />
        </>
      ) : (
        <p className="size-full overflow-hidden whitespace-pre-wrap break-words px-3 py-2">
          {text || <span className="text-soft">Empty note</span>}
        </p>
      )}
    </div>
  );
}
