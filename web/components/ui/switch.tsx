import { Switch as Primitive } from 'radix-ui';

export interface SwitchProps {
  /** What is switched; told to those who can't see it. */
  label: string;
  isOn: boolean;
  onSwitch(isOn: boolean): void;
  isDisabled?: boolean;
  /** Why it can't be switched, or what it is about. */
  describedBy?: string | undefined;
}

/** On or off, at once. */
export function Switch({ label, isOn, onSwitch, isDisabled = false, describedBy }: SwitchProps) {
  return (
    <Primitive.Root
      aria-label={label}
      aria-describedby={describedBy}
      checked={isOn}
      disabled={isDisabled}
      onCheckedChange={onSwitch}
      className="inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-faint bg-active px-0.5 transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
    >
      <Primitive.Thumb className="size-3.5 rounded-full bg-faint transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-on-accent" />
    </Primitive.Root>
  );
}
