import { Pencil, Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import { pinnedOf, pinValue, unpin } from '#core/automation/draft/pins.js';
import { jsonSize } from '#core/automation/packed-value.js';
import { maxPinnedSize } from '#core/automation/pinned.js';
import { Button } from '../../components/ui/button.js';
import { TextArea } from '../../components/ui/field.js';
import { Picker } from '../../components/ui/picker.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { ValueTree } from '../runs/value-tree.js';
import { SidePanel } from './side-panel.js';

export interface PinnedPanelProps {
  draft: Draft;
  /** What the last test gave, to be pinned: `trigger`, and `steps` with the output of each. */
  data: Readonly<Record<string, unknown>>;
  change(edit: (draft: Draft) => Draft, about?: string): void;
  onSelect(id: string): void;
  onClose(): void;
}

/** The data with which a draft is tested, for each step that has some. */
export function PinnedPanel({ draft, data, change, onSelect, onClose }: PinnedPanelProps) {
  const [editing, setEditing] = useState<string>();
  const pinned = pinnedOf(draft);
  const ids = [triggerId, ...draft.nodes.map(({ id }) => id)];
  const open = ids.filter((id) => !Object.hasOwn(pinned, id));
  const titleOf = (id: string) => {
    const node = draft.nodes.find((entry) => entry.id === id);
    return (node ? lookOfNode(node) : lookOfTrigger(draft.trigger)).title;
  };
  return (
    <SidePanel
      label="Pinned data"
      title="Pinned data"
      icon={<Pin aria-hidden />}
      closeLabel="Close the pinned data"
      onClose={onClose}
    >
      <p className="text-soft">
        A test takes what is pinned instead of performing the step. Runs of published versions never do.
      </p>
      {ids
        .filter((id) => Object.hasOwn(pinned, id))
        .map((id) => (
          <section key={id} aria-label={`Pinned data of ${titleOf(id)}`} className="grid gap-2">
            <h3 className="flex items-center gap-1">
              <button
                type="button"
                className="mr-auto truncate rounded font-medium hover:underline"
                onClick={() => onSelect(id)}
              >
                {titleOf(id)}
              </button>
              <Button
                look="ghost"
                size="icon"
                aria-label={`Edit the data of ${titleOf(id)}`}
                aria-pressed={editing === id}
                onClick={() => setEditing(editing === id ? undefined : id)}
              >
                <Pencil aria-hidden />
              </Button>
              <Button
                look="ghost"
                size="icon"
                aria-label={`Unpin the data of ${titleOf(id)}`}
                onClick={() => change((present) => unpin(present, id))}
              >
                <PinOff aria-hidden />
              </Button>
            </h3>
            {editing === id ? (
              <PinEditor
                id={id}
                title={titleOf(id)}
                value={pinned[id]}
                onSave={(value) => {
                  change((present) => pinValue(present, id, value));
                  setEditing(undefined);
                }}
                onCancel={() => setEditing(undefined)}
              />
            ) : (
              <ValueTree
                value={pinned[id]}
                path={id === triggerId ? 'trigger' : `steps.${id}.output`}
                label={`Data of ${titleOf(id)}`}
              />
            )}
          </section>
        ))}
      {open.length > 0 && (
        <Picker
          label="Pin data of"
          choices={open.map((id) => ({ value: id, label: titleOf(id) }))}
          chosen={[]}
          onChoose={(id) => {
            change((present) => pinValue(present, id, testedValue(data, id) ?? {}));
            setEditing(testedValue(data, id) === undefined ? id : undefined);
          }}
          trigger={
            <Button size="small" className="justify-self-start">
              <Pin aria-hidden />
              Pin data of a step
            </Button>
          }
        />
      )}
    </SidePanel>
  );
}

function PinEditor({
  id,
  title,
  value,
  onSave,
  onCancel,
}: {
  id: string;
  title: string;
  value: unknown;
  onSave(value: unknown): void;
  onCancel(): void;
}) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const read = readPin(text, id);
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if ('value' in read) onSave(read.value);
      }}
    >
      <TextArea
        autoFocus
        aria-label={`Data of ${title} as JSON`}
        aria-invalid={'problem' in read}
        spellCheck={false}
        className="min-h-40 font-mono text-[12px]"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {'problem' in read && (
        <p role="alert" className="text-mini text-danger">
          {read.problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" type="submit" look="primary" disabled={'problem' in read}>
          Pin it
        </Button>
      </div>
    </form>
  );
}

function readPin(text: string, id: string): { value: unknown } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (id === triggerId && !isObject) return { problem: 'What starts a run is an object: { … }' };
    if (jsonSize(value) > maxPinnedSize) return { problem: `It is over ${maxPinnedSize / 1024} KiB` };
    return { value };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'It is no JSON' };
  }
}

/** What the last test gave; undefined if it did not come there. */
function testedValue({ trigger, steps }: Readonly<Record<string, unknown>>, id: string): unknown {
  return id === triggerId ? (trigger ?? undefined) : Object(steps)[id]?.output;
}
