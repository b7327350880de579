import { Button } from './button.js';
import { Dialog } from './dialog.js';

export interface ConfirmDialogProps {
  /** A question. */
  title: string;
  /** What will happen, and whether there is a way back. */
  text: string;
  /** What the button does, in words. */
  verb: string;
  onConfirm(): void;
  onClose(): void;
}

/** Asks once more before something that can't be taken back. */
export function ConfirmDialog({ title, text, verb, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={title} description={text}>
      <div className="flex justify-end gap-2 p-5">
        <Button onClick={onClose}>Keep it</Button>
        <Button
          look="danger"
          autoFocus
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
