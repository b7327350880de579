import { ListFilter, X } from 'lucide-react';
import { Button } from '../../components/ui/button.js';
import { type Choice, Picker } from '../../components/ui/picker.js';
import type { Resource } from './resource.js';
import { fieldsOf, type ResourceField } from './resource-fields.js';
import { usePeople } from './use-people.js';
import type { UrlFields } from './use-url-fields.js';

export interface ResourceFiltersProps {
  resource: Resource;
  /** Names of the filters that are offered: choices and people. */
  names: readonly string[];
  fields: UrlFields;
  onChange(changes: UrlFields): void;
}

/** Narrows a list by what its resource declares. Several values of one filter stand in the address with commas between. */
export function ResourceFilters({ resource, names, fields, onChange }: ResourceFiltersProps) {
  const people = usePeople();
  const declared = fieldsOf({ properties: resource.filters }).filter(({ name }) => names.includes(name));
  const isNarrowed = declared.some(({ name }) => fields[name]);
  if (declared.length === 0) return null;
  return (
    <div className="flex items-center gap-1.5 md:flex-wrap">
      {declared.map((field) => {
        const choices: Choice<string>[] =
          field.kind === 'person'
            ? people.map(({ id, name }) => ({ value: id, label: name }))
            : field.choices.map((choice) => ({ value: choice, label: inWords(choice) }));
        const chosen = fields[field.name]?.split(',').filter(Boolean) ?? [];
        const isMultiple = field.kind === 'texts';
        const shown = choices.filter(({ value }) => chosen.includes(value)).map(({ label }) => label);
        return (
          <Picker
            key={field.name}
            label={field.label}
            choices={choices}
            chosen={chosen}
            isMultiple={isMultiple}
            onChoose={(value) => onChange({ [field.name]: toggle(field, chosen, value) })}
            trigger={
              <Button size="small" look={shown.length > 0 ? 'secondary' : 'ghost'}>
                {shown.length === 0 && <ListFilter aria-hidden className="size-3.5" />}
                {field.label}
                {shown.length > 0 && (
                  <span className="max-w-40 truncate text-accent">{shown.join(', ')}</span>
                )}
              </Button>
            }
          />
        );
      })}
      {isNarrowed && (
        <Button
          size="small"
          look="ghost"
          onClick={() => onChange(Object.fromEntries(declared.map(({ name }) => [name, undefined])))}
        >
          <X aria-hidden />
          Clear
        </Button>
      )}
    </div>
  );
}

function toggle({ kind }: ResourceField, chosen: readonly string[], value: string): string | undefined {
  if (kind !== 'texts') return chosen.includes(value) ? undefined : value;
  const left = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  return left.join(',');
}

function inWords(value: string): string {
  const words = value.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
