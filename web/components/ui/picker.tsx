import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import { Popover, Slot } from 'radix-ui';
import { type ReactNode, useState } from 'react';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  icon?: ReactNode;
}

export interface PickerProps<Value extends string> {
  /** What is chosen about, such as `Status`; names the list. */
  label: string;
  choices: readonly Choice<Value>[];
  chosen: readonly Value[];
  /** Called with the choice that was made; the list closes, unless several can be chosen. */
  onChoose(value: Value): void;
  isMultiple?: boolean;
  trigger: ReactNode;
}

/** A list to choose from by typing, arrows or mouse, that opens from its trigger, which is one button. */
export function Picker<Value extends string>({
  label,
  choices,
  chosen,
  onChoose,
  isMultiple = false,
  trigger,
}: PickerProps<Value>) {
  const [isOpen, setOpen] = useState(false);
  const [isUsed, setUsed] = useState(false);
  if (!isUsed) {
    // Rows have several of these each: what opens is made when one is used.
    const open = () => {
      setUsed(true);
      setOpen(true);
    };
    return (
      <Slot.Root aria-haspopup="dialog" aria-expanded={false} onClick={open}>
        {trigger}
      </Slot.Root>
    );
  }
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          aria-label={label}
          className="enter z-50 w-56 rounded-lg border border-line bg-raised shadow-float"
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
        >
          <Command label={label} loop>
            <Command.Input
              autoFocus
              placeholder={`${label} …`}
              className="h-9 w-full border-line border-b bg-transparent px-3 outline-none"
            />
            <Command.List className="max-h-72 overflow-y-auto p-1" label={label}>
              <Command.Empty className="px-2 py-3 text-faint">Nothing fits</Command.Empty>
              {choices.map(({ value, label: text, icon }) => (
                <Command.Item
                  key={value}
                  value={value}
                  keywords={[text]}
                  onSelect={() => {
                    onChoose(value);
                    if (!isMultiple) setOpen(false);
                  }}
                  className="flex h-8 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-hover"
                >
                  {icon}
                  <span className="truncate">{text}</span>
                  {chosen.includes(value) && (
                    <Check aria-label="chosen" className="ml-auto size-4 text-accent" />
                  )}
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
