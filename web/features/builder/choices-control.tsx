import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { SearchPicker } from '../../components/ui/search-picker.js';
import type { ControlProps } from './field-props.js';
import { useChoices } from './use-choices.js';

const none = {};

/** A value out of a list that the app or the organization gives; where the field takes any text, one may be typed. */
export function ChoicesControl({ label, schema, control, value, siblings = none, onChange }: ControlProps) {
  const [search, setSearch] = useState('');
  const { labelOf, remember, ...found } = useChoices(schema.choices ?? [], siblings, search);
  const given = typeof value === 'string' && value !== '' ? value : undefined;
  const shown = given === undefined ? undefined : (labelOf(given) ?? given);
  return (
    <SearchPicker
      label={label}
      {...found}
      chosen={given === undefined ? [] : [given]}
      onChoose={(chosen) => {
        remember(chosen);
        onChange(chosen);
      }}
      search={search}
      onSearch={setSearch}
      takesAnything={schema.format === undefined}
      trigger={
        <button
          {...control}
          type="button"
          aria-label={`${label}: ${shown ?? 'Choose …'}`}
          className="flex h-9 w-full min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-raised px-2.5 text-left transition-colors hover:border-faint aria-invalid:border-danger"
        >
          <span className={shown === undefined ? 'text-faint' : 'truncate'}>{shown ?? 'Choose …'}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-soft" />
        </button>
      }
    />
  );
}
