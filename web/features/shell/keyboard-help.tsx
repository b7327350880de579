import { Dialog } from '../../components/ui/dialog.js';
import { KeyCaps } from '../../components/ui/key-caps.js';
import { screens } from './screens.js';

const groups: { title: string; keys: { keys: string; text: string }[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: 'mod+k', text: 'Search and go' },
      { keys: 'c', text: 'New task' },
      { keys: '/', text: 'Search in the list' },
      { keys: '?', text: 'These shortcuts' },
    ],
  },
  {
    title: 'Go',
    keys: screens.flatMap(({ keys, title }) => (keys === undefined ? [] : [{ keys, text: title }])),
  },
  {
    title: 'Lists and boards',
    keys: [
      { keys: '↑ ↓', text: 'From one to the next' },
      { keys: 'Enter', text: 'Open' },
      { keys: 's', text: 'Change the status' },
      { keys: 'p', text: 'Change the priority' },
      { keys: 'a', text: 'Change the assignee' },
      { keys: 'Shift+← →', text: 'Board: move to another column' },
      { keys: 'Shift+↑ ↓', text: 'Board: move within the column' },
    ],
  },
  {
    title: 'Building an automation',
    keys: [
      { keys: 'a', text: 'Add a step' },
      { keys: 'n', text: 'Add a note' },
      { keys: 'd', text: 'Duplicate what is chosen' },
      { keys: 'Delete', text: 'Delete what is chosen' },
      { keys: 'z', text: 'Undo' },
      { keys: 'Shift+z', text: 'Redo' },
      { keys: 'mod+Enter', text: 'Publish' },
    ],
  },
];

/** All keys that do something. */
export function KeyboardHelp({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="grid gap-5 p-5">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="mb-1 text-mini text-soft">{title}</h3>
            <dl>
              {keys.map((entry) => (
                <div key={entry.text} className="flex h-8 items-center justify-between border-line border-b">
                  <dt>{entry.text}</dt>
                  <dd>
                    <KeyCaps keys={entry.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
