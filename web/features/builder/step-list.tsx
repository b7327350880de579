import { ArrowRight, CircleAlert, Link2, Plus, StickyNote, Trash2, Unlink } from 'lucide-react';
import { type Draft, type DraftNode, triggerId } from '#core/automation/draft/draft.js';
import { type Connection, canConnect, orderOf, type Place } from '#core/automation/draft/edit-draft.js';
import { handleOf } from '#core/automation/draft/handles.js';
import { type CanvasNote, maxNoteLength, notesOf } from '#core/automation/draft/notes.js';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Picker } from '../../components/ui/picker.js';
import type { Onlooker } from '../canvas/canvas-props.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { type NodeState, stateLooks } from '../canvas/node-state.js';
import { type Way, waysOf } from '../canvas/ways.js';

export interface StepListProps {
  draft: Draft;
  selected: readonly string[];
  issues: Readonly<Record<string, readonly string[]>>;
  states: Readonly<Record<string, NodeState>> | undefined;
  onlookers: Readonly<Record<string, readonly Onlooker[]>>;
  onSelect(ids: readonly string[]): void;
  onAdd(place: Place): void;
  onConnect(connection: Connection): void;
  onDisconnect(connection: Connection): void;
  onDelete(id: string): void;
  onChangeNote(id: string, text: string): void;
}

/** The same graph as a list, in which everything is a button: for the keyboard, and for those who don't see the canvas. */
export function StepList(props: StepListProps) {
  const { draft } = props;
  const known = new Map(draft.nodes.map((node) => [node.id, node]));
  const nodes = [undefined, ...orderOf(draft).map((id) => known.get(id))];
  return (
    <ol
      aria-label="Steps"
      className="mx-auto grid w-full max-w-2xl grid-cols-[minmax(0,1fr)] content-start gap-2 overflow-y-auto p-4"
    >
      {nodes.map((node) => (
        <StepEntry key={node?.id ?? triggerId} node={node} {...props} />
      ))}
      {notesOf(draft).map((note, index) => (
        <NoteEntry key={note.id} note={note} number={index + 1} {...props} />
      ))}
    </ol>
  );
}

function StepEntry({ node, ...props }: StepListProps & { node: DraftNode | undefined }) {
  const { draft, selected, issues, states, onlookers, onSelect, onDelete } = props;
  const id = node?.id ?? triggerId;
  const look = node ? lookOfNode(node) : lookOfTrigger(draft.trigger);
  const problems = issues[id]?.length ?? 0;
  const state = states?.[id];
  return (
    <li
      aria-label={look.title}
      className={classNames(
        'rounded-lg border border-line-strong bg-raised',
        selected.includes(id) && 'border-accent',
      )}
    >
      <div className="flex items-center gap-2 py-1.5 pr-1.5 pl-3">
        <button
          type="button"
          className="flex min-w-0 flex-1 items-center gap-2.5 rounded-md py-1 text-left"
          onClick={() => onSelect([id])}
        >
          <look.icon aria-hidden className="size-4 shrink-0 text-soft" />
          <span className="sr-only">Edit </span>
          <span className="truncate font-medium">{look.title}</span>
          <span className="truncate text-mini text-soft">{look.kind}</span>
          {state && (
            <span className={classNames('text-mini', stateLooks[state.status].look)}>
              {stateLooks[state.status].label}
            </span>
          )}
          {(onlookers[id] ?? []).length > 0 && (
            <span className="truncate text-accent text-mini">
              Open at {onlookers[id]?.map(({ name }) => name).join(', ')}
            </span>
          )}
          {problems > 0 && (
            <CircleAlert
              role="img"
              aria-label={`${problems} ${problems === 1 ? 'problem' : 'problems'}`}
              className="size-4 shrink-0 text-danger"
            />
          )}
        </button>
        {node && (
          <Button look="ghost" size="icon" aria-label={`Delete ${look.title}`} onClick={() => onDelete(id)}>
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <ul aria-label={`Ways out of ${look.title}`} className="empty:hidden">
        {waysOf(node).map((way) => (
          <WayEntry key={way.handle} id={id} title={look.title} way={way} {...props} />
        ))}
      </ul>
    </li>
  );
}

/** A note of the canvas, to be read and written where there is none. */
function NoteEntry({
  note: { id, text },
  number,
  onDelete,
  onChangeNote,
}: StepListProps & { note: CanvasNote; number: number }) {
  return (
    <li
      aria-label={`Note ${number}`}
      className="flex items-start gap-2 rounded-lg border border-note-line bg-note py-1.5 pr-1.5 pl-3"
    >
      <StickyNote aria-hidden className="mt-2 size-4 shrink-0 text-soft" />
      <textarea
        aria-label={`Text of note ${number}`}
        placeholder="What others should know"
        maxLength={maxNoteLength}
        className="field-sizing-content max-h-60 min-w-0 flex-1 resize-none bg-transparent py-1.5 outline-none placeholder:text-soft"
        value={text}
        onChange={({ target }) => onChangeNote(id, target.value)}
      />
      <Button look="ghost" size="icon" aria-label={`Delete note ${number}`} onClick={() => onDelete(id)}>
        <Trash2 aria-hidden />
      </Button>
    </li>
  );
}

function WayEntry({
  id,
  title,
  way: { handle, label },
  draft,
  onAdd,
  onConnect,
  onDisconnect,
  onSelect,
}: StepListProps & { id: string; title: string; way: Way }) {
  const targets = draft.edges.filter((edge) => edge.source === id && handleOf(edge) === handle);
  const titleOf = (target: string) => {
    const node = draft.nodes.find((entry) => entry.id === target);
    return node ? lookOfNode(node).title : target;
  };
  const about = `${title}${label ? `, ${label}` : ''}`;
  const choices = draft.nodes.filter((node) => canConnect(draft, { source: id, handle, target: node.id }));
  // Rare ways are there to be connected, without a button to add.
  const isRare = label === 'To undo' && targets.length === 0;
  return (
    <li className="flex flex-wrap items-center gap-x-2 border-line border-t py-1 pr-1.5 pl-3 text-mini">
      <span className="flex min-w-24 items-center gap-1.5 text-soft">
        <ArrowRight aria-hidden className="size-3.5" />
        {label ?? 'Then'}
      </span>
      {targets.map(({ target }) => (
        <span key={target} className="flex items-center">
          <button type="button" className="rounded px-1 hover:bg-hover" onClick={() => onSelect([target])}>
            {titleOf(target)}
          </button>
          <Button
            look="ghost"
            size="icon"
            className="size-6"
            aria-label={`Disconnect ${titleOf(target)} from ${about}`}
            onClick={() => onDisconnect({ source: id, handle, target })}
          >
            <Unlink aria-hidden />
          </Button>
        </span>
      ))}
      <span className="ml-auto flex">
        {!isRare && (
          <Button
            look="ghost"
            size="icon"
            className="size-6"
            aria-label={`Add a step after ${about}`}
            onClick={() => onAdd({ source: id, handle, ...onlyTarget(targets) })}
          >
            <Plus aria-hidden />
          </Button>
        )}
        {choices.length > 0 && (
          <Picker
            label={`Connect ${about} with`}
            choices={choices.map((node) => ({ value: node.id, label: lookOfNode(node).title }))}
            chosen={[]}
            onChoose={(target) => onConnect({ source: id, handle, target })}
            trigger={
              <Button look="ghost" size="icon" className="size-6" aria-label={`Connect ${about}`}>
                <Link2 aria-hidden />
              </Button>
            }
          />
        )}
      </span>
    </li>
  );
}

/** A step that is added where one follows already goes between. */
function onlyTarget(targets: readonly { target: string }[]): { target?: string } {
  const [first] = targets;
  return first && targets.length === 1 ? { target: first.target } : {};
}
