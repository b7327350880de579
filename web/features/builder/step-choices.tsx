import { useSuspenseQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Plug, SquareDashedMousePointer } from 'lucide-react';
import { type ReactNode, Suspense } from 'react';
import { SkeletonRows } from '../../components/ui/states.js';
import { draggedStepType } from '../canvas/canvas-editing.js';
import { nodeTypes } from '../canvas/node-look.js';
import { useRights } from '../session/use-rights.js';
import { type StepSummary, stepsQuery } from './catalogue.js';
import type { Offer } from './new-node.js';

const group =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-mini [&_[cmdk-group-heading]]:text-soft';

export interface StepChoicesProps {
  placeholder: string;
  /** The search has the focus as soon as it is there. */
  hasFocus: boolean;
  /** They can be dragged to where the step shall stand. */
  isDraggable: boolean;
  className: string;
  onChoose(offer: Offer): void;
}

/** Everything that a step can be, to choose from by typing. */
export function StepChoices({ placeholder, hasFocus, isDraggable, className, onChoose }: StepChoicesProps) {
  const entry = { isDraggable, onChoose };
  return (
    <Command label="Steps" loop filter={fitOf} className="flex min-h-0 flex-col">
      <Command.Input
        autoFocus={hasFocus}
        placeholder={placeholder}
        className="h-12 w-full shrink-0 border-line border-b bg-transparent px-4 text-sm outline-none"
      />
      <Command.List className={className} label="Steps">
        <Command.Empty className="px-3 py-6 text-center text-soft">No step fits</Command.Empty>
        <Command.Group heading="Flow and data" className={group}>
          {Object.entries(nodeTypes).map(([type, { icon: Icon, title, about }]) => (
            <Entry
              key={type}
              {...entry}
              value={`type:${type}`}
              icon={<Icon aria-hidden />}
              offer={{ type, title }}
              description={about}
            />
          ))}
        </Command.Group>
        <Suspense fallback={<SkeletonRows count={4} />}>
          <Actions {...entry} />
        </Suspense>
      </Command.List>
    </Command>
  );
}

type Entries = Pick<StepChoicesProps, 'isDraggable' | 'onChoose'>;

/** The actions that the person may use: publishing refuses others. */
function Actions(entry: Entries) {
  const { data } = useSuspenseQuery(stepsQuery);
  const { may, isOn } = useRights();
  const usable = data.items.filter(
    ({ permission, module }) => may(permission) && (module === null || isOn(module)),
  );
  const groups = new Map<string, StepSummary[]>();
  for (const step of usable) {
    const [domain = ''] = step.name.split('.');
    groups.set(domain, [...(groups.get(domain) ?? []), step]);
  }
  return [...groups].map(([domain, steps]) => (
    <Command.Group key={domain} heading={headingOf(domain)} className={group}>
      {steps.map(({ name, title, description, connector }) => (
        <Entry
          key={name}
          {...entry}
          value={name}
          icon={connector === null ? <SquareDashedMousePointer aria-hidden /> : <Plug aria-hidden />}
          offer={{ type: 'action', action: name, title }}
          description={description}
        />
      ))}
    </Command.Group>
  ));
}

function Entry({
  value,
  icon,
  offer,
  description,
  isDraggable,
  onChoose,
}: Entries & { value: string; icon: ReactNode; offer: Offer; description: string }) {
  return (
    <Command.Item
      value={value}
      keywords={[offer.title, description]}
      onSelect={() => onChoose(offer)}
      draggable={isDraggable}
      onDragStart={(event) => {
        event.dataTransfer.setData(draggedStepType, JSON.stringify(offer));
        event.dataTransfer.effectAllowed = 'copy';
      }}
      className="flex items-center gap-3 rounded-lg px-2.5 py-1.5 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft"
    >
      {icon}
      <span className="grid min-w-0">
        <span className="truncate">{offer.title}</span>
        <span className="truncate text-mini text-soft">{description}</span>
      </span>
    </Command.Item>
  );
}

/** How well a step fits what was typed: by its title first, by its name and description last; 0 not at all. */
function fitOf(value: string, typed: string, keywords: readonly string[] = []): number {
  const [title = '', description = ''] = keywords.map((text) => text.toLowerCase());
  const words = typed.toLowerCase().trim().split(/\s+/);
  const holds = (text: string) => words.every((word) => text.includes(word));
  if (title.startsWith(words.join(' '))) return 1 - title.length / 1_000;
  if (holds(title)) return 0.6;
  return holds(`${value} ${title} ${description}`) ? 0.2 : 0;
}

function headingOf(domain: string): string {
  const words = domain.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
