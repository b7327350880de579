import { useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { SearchPicker } from '../../components/ui/search-picker.js';
import type { ControlProps } from './field-props.js';
import { useChoices } from './use-choices.js';

const none = {};

/** Several values out of a list. */
export function ManyChoicesControl({ label, schema, value, siblings = none, onChange }: ControlProps) {
  const [search, setSearch] = useState('');
  const items = schema.items ?? {};
  const { labelOf, remember, ...found } = useChoices(items.choices ?? [], siblings, search);
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const names = chosen.map((entry) => labelOf(entry) ?? entry);
  return (
    <SearchPicker
      label={label}
      {...found}
      isMultiple
      chosen={chosen}
      onChoose={(entry) => {
        remember(entry);
        onChange(chosen.includes(entry) ? chosen.filter((other) => other !== entry) : [...chosen, entry]);
      }}
      search={search}
      onSearch={setSearch}
      takesAnything={items.format === undefined}
      trigger={
        <Button
          className="h-9 justify-start font-normal"
          aria-label={`${label}: ${names.join(', ') || 'Choose …'}`}
        >
          <span className="truncate">{names.join(', ') || 'Choose …'}</span>
        </Button>
      }
    />
  );
}
