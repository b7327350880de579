import { Dialog } from '../../components/ui/dialog.js';
import type { Offer } from './new-node.js';
import { StepChoices } from './step-choices.js';

/** Asks what a new step shall be. */
export function Palette({
  about,
  onChoose,
  onClose,
}: {
  /** Where the step will stand, in words. */
  about: string;
  onChoose(offer: Offer): void;
  onClose(): void;
}) {
  return (
    <Dialog isOpen onOpenChange={onClose} title={`Add a step ${about}`} hidesTitle>
      <StepChoices
        hasFocus
        isDraggable={false}
        placeholder={`Add a step ${about} …`}
        className="max-h-[56vh] overflow-y-auto p-1.5"
        onChoose={onChoose}
      />
    </Dialog>
  );
}
