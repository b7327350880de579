import { useState } from 'react';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Field, Input } from './field.js';

export interface ConfirmByNameProps {
  title: string;
  /** What will happen, and whether there is a way back. */
  text: string;
  /** What has to be typed. */
  name: string;
  /** What that is, such as `Address of the organization`. */
  nameLabel: string;
  /** What the button does, in words. */
  verb: string;
  /** What went wrong with it. */
  error?: string | undefined;
  onConfirm(): void;
  onClose(): void;
}

/** Asks for a name to be typed before something large is ended. */
export function ConfirmByName(props: ConfirmByNameProps) {
  const { title, text, name, nameLabel, verb, error, onConfirm, onClose } = props;
  const [typed, setTyped] = useState('');
  const isSame = typed.trim() === name;
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={title} description={text}>
      <form
        className="grid gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSame) onConfirm();
        }}
      >
        <Field label={nameLabel} hint={`Type ${name} to go on`} error={error}>
          {(control) => (
            <Input
              {...control}
              value={typed}
              autoFocus
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="danger" disabled={!isSame}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
