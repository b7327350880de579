import type { Offer } from './new-node.js';
import { StepChoices } from './step-choices.js';

/** Everything that a step can be, beside the canvas: to be dragged onto it, or chosen by click or Enter. */
export function PalettePanel({ onChoose }: { onChoose(offer: Offer): void }) {
  return (
    <section
      aria-label="Steps to drag"
      className="absolute inset-y-0 left-0 z-10 flex w-64 flex-col border-line border-r bg-ground md:static"
    >
      <StepChoices
        hasFocus={false}
        isDraggable
        placeholder="Search, or drag onto the canvas"
        className="min-h-0 flex-1 overflow-y-auto p-1.5"
        onChoose={onChoose}
      />
    </section>
  );
}
