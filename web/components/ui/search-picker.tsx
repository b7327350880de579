import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Button } from './button.js';

export interface FoundChoice {
  value: string;
  label: string;
  hint?: string | undefined;
}

export interface ChoiceGroup {
  /** Undefined where there is one group only. */
  title: string | undefined;
  choices: readonly FoundChoice[];
}

export interface SearchPickerProps {
  /** What is chosen about; names the list. */
  label: string;
  groups: readonly ChoiceGroup[];
  chosen: readonly string[];
  onChoose(value: string): void;
  isMultiple?: boolean;
  /** What is typed to narrow the list; whoever gives the groups does it. */
  search: string;
  onSearch(search: string): void;
  isLoading: boolean;
  /** Why there is nothing to choose from. */
  problem: string | undefined;
  /** Set where there may be more. */
  onMore: (() => void) | undefined;
  /** Anything may be entered, not only what is in the list. */
  takesAnything: boolean;
  trigger: ReactNode;
}

const heading =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-mini [&_[cmdk-group-heading]]:text-faint';

/** A list that is looked for elsewhere while one types, such as at a vendor; opens from its trigger, which is one button. */
export function SearchPicker({
  label,
  groups,
  chosen,
  onChoose,
  isMultiple = false,
  search,
  onSearch,
  isLoading,
  problem,
  onMore,
  takesAnything,
  trigger,
}: SearchPickerProps) {
  const [isOpen, setOpen] = useState(false);
  const open = (wanted: boolean) => {
    setOpen(wanted);
    if (!wanted) onSearch('');
  };
  const choose = (value: string) => {
    onChoose(value);
    if (!isMultiple) open(false);
  };
  const typed = search.trim();
  const isEmpty = groups.every(({ choices }) => choices.length === 0);
  const entry = 'flex min-h-8 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-hover';
  return (
    <Popover.Root open={isOpen} onOpenChange={open}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          aria-label={label}
          className="enter z-50 w-72 max-w-[calc(100vw-1.5rem)] rounded-lg border border-line bg-raised shadow-float"
        >
          <Command label={label} loop shouldFilter={false}>
            <Command.Input
              autoFocus
              value={search}
              onValueChange={onSearch}
              placeholder={takesAnything ? 'Search, or type a value …' : 'Search …'}
              className="h-9 w-full border-line border-b bg-transparent px-3 outline-none"
            />
            <Command.List className="max-h-72 overflow-y-auto p-1" label={label}>
              {groups.map(
                ({ title, choices }) =>
                  choices.length > 0 && (
                    <Command.Group key={title ?? ''} heading={title} className={heading}>
                      {choices.map(({ value, label: text, hint }) => (
                        <Command.Item
                          key={value}
                          value={value}
                          onSelect={() => choose(value)}
                          className={entry}
                        >
                          <span className="truncate">{text}</span>
                          {hint && <span className="shrink-0 text-faint text-mini">{hint}</span>}
                          {chosen.includes(value) && (
                            <Check aria-label="chosen" className="ml-auto size-4 shrink-0 text-accent" />
                          )}
                        </Command.Item>
                      ))}
                    </Command.Group>
                  ),
              )}
              {takesAnything && typed !== '' && !chosen.includes(typed) && (
                <Command.Item value={`use:${typed}`} onSelect={() => choose(typed)} className={entry}>
                  <span className="truncate">Use “{typed}”</span>
                </Command.Item>
              )}
            </Command.List>
            <Notice>
              {isLoading
                ? 'Looking …'
                : (problem ??
                  (isEmpty ? (typed === '' ? 'There is nothing to choose' : 'Nothing fits') : undefined))}
            </Notice>
            {onMore && !isLoading && (
              <div className="border-line border-t p-1">
                <Button look="ghost" size="small" className="w-full" onClick={onMore}>
                  Show more
                </Button>
              </div>
            )}
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Notice({ children }: { children: string | undefined }) {
  return (
    <p role="status" className="px-3 py-2 text-mini text-soft empty:hidden">
      {children}
    </p>
  );
}
