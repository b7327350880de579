import { useState } from 'react';
import { Input, TextArea } from '../../components/ui/field.js';
import { readAnything, writeAnything } from './json-form.js';

export interface LeafProps {
  label: string;
  control: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string };
  value: unknown;
  onChange(value: unknown): void;
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
