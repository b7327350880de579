import { classNames } from './class-names.js';

export interface TabsProps<Value extends string> {
  label: string;
  tabs: readonly { value: Value; label: string }[];
  chosen: Value;
  onChoose(value: Value): void;
}

/** A few views of which one is shown. */
export function Tabs<Value extends string>({ label, tabs, chosen, onChoose }: TabsProps<Value>) {
  return (
    <div role="group" aria-label={label} className="flex rounded-md border border-line-strong p-px">
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          aria-pressed={tab.value === chosen}
          onClick={() => onChoose(tab.value)}
          className={classNames(
            'inline-flex h-6.5 items-center whitespace-nowrap rounded px-2 text-mini',
            tab.value === chosen ? 'bg-active font-medium' : 'text-soft hover:bg-hover',
          )}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
