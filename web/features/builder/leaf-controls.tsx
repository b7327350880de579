import { useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { Input, Select, TextArea } from '../../components/ui/field.js';
import { Picker } from '../../components/ui/picker.js';
import { useResource } from '../resources/resource.js';
import { usePeople } from '../resources/use-people.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { readAnything, writeAnything } from './json-form.js';

export interface LeafProps {
  label: string;
  control: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string };
  value: unknown;
  onChange(value: unknown): void;
}

/** A row of a resource, by its name. Suspends until the resource is known. */
export function ReferenceControl({ target, control, value, onChange }: LeafProps & { target: string }) {
  const { items } = useResourceList(useResource(target), { limit: '200' });
  return (
    <Select
      {...control}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">Choose …</option>
      {items.map((row) => (
        <option key={row.id} value={row.id}>
          {String(row.name ?? row.title ?? row.id)}
        </option>
      ))}
    </Select>
  );
}

/** Several people. */
export function PeopleControl({ label, value, onChange }: LeafProps) {
  const people = usePeople();
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const names = chosen.map((id) => people.find((person) => person.id === id)?.name ?? 'Somebody');
  return (
    <Picker
      label={label}
      isMultiple
      choices={people.map(({ id, name }) => ({ value: id, label: name }))}
      chosen={chosen}
      onChoose={(id) =>
        onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id])
      }
      trigger={
        <Button
          className="h-9 justify-start font-normal"
          aria-label={`${label}: ${names.join(', ') || 'none'}`}
        >
          <span className="truncate">{names.join(', ') || 'Choose people'}</span>
        </Button>
      }
    />
  );
}

/** Texts with commas between. */
export function TextsControl({ control, value, onChange }: LeafProps) {
  const [text, setText] = useState(Array.isArray(value) ? value.join(', ') : '');
  return (
    <Input
      {...control}
      placeholder="one, another"
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        const texts = target.value.split(',').map((entry) => entry.trim());
        onChange(texts.filter((entry) => entry !== ''));
      }}
    />
  );
}

/** Whatever has no control of its own, as JSON. */
export function JsonControl({ control, value, onChange }: LeafProps) {
  const [text, setText] = useState(writeAnything(value));
  return (
    <TextArea
      {...control}
      className="min-h-16 font-mono text-[12px]"
      placeholder="JSON"
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        onChange(target.value === '' ? undefined : readAnything(target.value));
      }}
    />
  );
}
