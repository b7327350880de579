import { useSuspenseQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Plug, SquareDashedMousePointer } from 'lucide-react';
import { type ReactNode, Suspense } from 'react';
import { Dialog } from '../../components/ui/dialog.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { nodeTypes } from '../canvas/node-look.js';
import { useRights } from '../session/use-rights.js';
import { type StepSummary, stepsQuery } from './catalogue.js';
import type { Offer } from './new-node.js';

const group =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-mini [&_[cmdk-group-heading]]:text-soft';

/** Everything that a step can be, to choose from by typing. */
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
      <Command label="Steps" loop>
        <Command.Input
          autoFocus
          placeholder={`Add a step ${about} …`}
          className="h-12 w-full border-line border-b bg-transparent px-4 text-sm outline-none"
        />
        <Command.List className="max-h-[56vh] overflow-y-auto p-1.5" label="Steps">
          <Command.Empty className="px-3 py-6 text-center text-soft">No step fits</Command.Empty>
          <Command.Group heading="Flow and data" className={group}>
            {Object.entries(nodeTypes).map(([type, { icon: Icon, title, about: description }]) => (
              <Entry
                key={type}
                value={`type:${type}`}
                icon={<Icon aria-hidden />}
                title={title}
                description={description}
                onSelect={() => onChoose({ type, title })}
              />
            ))}
          </Command.Group>
          <Suspense fallback={<SkeletonRows count={4} />}>
            <Actions onChoose={onChoose} />
          </Suspense>
        </Command.List>
      </Command>
    </Dialog>
  );
}

/** The actions that the person may use: publishing refuses others. */
function Actions({ onChoose }: { onChoose(offer: Offer): void }) {
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
          value={name}
          icon={connector === null ? <SquareDashedMousePointer aria-hidden /> : <Plug aria-hidden />}
          title={title}
          description={description}
          onSelect={() => onChoose({ type: 'action', action: name, title })}
        />
      ))}
    </Command.Group>
  ));
}

function Entry({
  value,
  icon,
  title,
  description,
  onSelect,
}: {
  value: string;
  icon: ReactNode;
  title: string;
  description: string;
  onSelect(): void;
}) {
  return (
    <Command.Item
      // The title first: what begins with the typed text comes before what merely holds its letters.
      value={`${title} ${value}`}
      keywords={[description]}
      onSelect={onSelect}
      className="flex items-center gap-3 rounded-lg px-2.5 py-1.5 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft"
    >
      {icon}
      <span className="grid min-w-0">
        <span className="truncate">{title}</span>
        <span className="truncate text-mini text-soft">{description}</span>
      </span>
    </Command.Item>
  );
}

function headingOf(domain: string): string {
  const words = domain.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
