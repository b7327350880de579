import { Plus, X } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { Input } from '../../components/ui/field.js';
import type { ControlProps, FieldParts } from './field-props.js';

export type CompositeProps = ControlProps & { parts: FieldParts };

/** Objects one below the other. */
export function ListControl({
  label,
  path,
  schema,
  value,
  isTemplate,
  onChange,
  parts: { Fields },
}: CompositeProps) {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const itemSchema = schema.items ?? {};
  const put = (index: number, entry: unknown) =>
    onChange(entries.map((old, at) => (at === index ? entry : old)));
  return (
    <div className="grid gap-2">
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other name
        <Group key={index}>
          <span className="flex items-center justify-between text-mini text-soft">
            {`${label} ${index + 1}`}
            <Button
              look="ghost"
              size="icon"
              className="size-6"
              aria-label={`Remove ${label} ${index + 1}`}
              onClick={() => onChange(entries.filter((_, at) => at !== index))}
            >
              <X aria-hidden />
            </Button>
          </span>
          <Fields
            path={`${path}.${index}`}
            schema={itemSchema}
            value={fieldsOf(entry)}
            isTemplate={isTemplate}
            onChange={(changed) => put(index, changed)}
          />
        </Group>
      ))}
      <Button size="small" className="justify-self-start" onClick={() => onChange([...entries, {}])}>
        <Plus aria-hidden />
        Add
      </Button>
    </div>
  );
}

/** Values by names that people choose. */
export function RecordControl({
  label,
  path,
  schema,
  value,
  isTemplate,
  onChange,
  parts: { Field },
}: CompositeProps) {
  const fields = fieldsOf(value);
  const [name, setName] = useState('');
  const id = useId();
  const itemSchema = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  const add = () => {
    if (name === '' || Object.hasOwn(fields, name)) return;
    onChange({ ...fields, [name]: '' });
    setName('');
  };
  return (
    <Group>
      {Object.entries(fields).map(([key, entry]) => (
        <Field
          key={key}
          name={key}
          label={key}
          path={`${path}.${key}`}
          schema={itemSchema.type === 'object' ? itemSchema : {}}
          value={entry}
          isTemplate={isTemplate}
          onChange={(changed) => {
            const { [key]: _, ...rest } = fields;
            onChange(changed === undefined ? rest : { ...fields, [key]: changed });
          }}
        />
      ))}
      <div className="flex gap-2">
        <Input
          id={id}
          aria-label={`Name of a new entry of ${label}`}
          placeholder="name"
          className="h-7.5"
          value={name}
          onChange={({ target }) => setName(target.value)}
          onKeyDown={({ key }) => key === 'Enter' && add()}
        />
        <Button size="small" onClick={add} disabled={name === ''}>
          <Plus aria-hidden />
          Add
        </Button>
      </div>
    </Group>
  );
}

/** What belongs together. */
export function Group({ children }: { children: ReactNode }) {
  return <div className="grid gap-3 border-line border-l-2 pl-3">{children}</div>;
}

/** A value as an object; nothing is in it if it is none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
