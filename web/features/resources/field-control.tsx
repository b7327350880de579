import type { ComponentProps } from 'react';
import { Input, Select, TextArea } from '../../components/ui/field.js';
import { useResource } from './resource.js';
import { labelOf, type ResourceField } from './resource-fields.js';
import { usePeople } from './use-people.js';
import { useResourceList } from './use-resource-list.js';

export interface FieldControlProps {
  field: ResourceField;
  /** Ties to label and error, from `Field`. */
  control: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string };
  /** From React Hook Form. */
  registration: ComponentProps<'input'> & ComponentProps<'select'> & ComponentProps<'textarea'>;
  autoFocus?: boolean;
}

/** The control of a form that fits the kind of a field. */
export function FieldControl({ field, control, registration, autoFocus }: FieldControlProps) {
  const props = { ...control, ...registration, autoFocus };
  switch (field.kind) {
    case 'long_text':
      return <TextArea {...props} maxLength={field.maxLength} />;
    case 'choice':
      return (
        <Select {...props}>
          {!field.isRequired && <option value="">As usual</option>}
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {labelOf(choice)}
            </option>
          ))}
        </Select>
      );
    case 'boolean':
      return <input type="checkbox" {...props} className="size-4 accent-accent" />;
    case 'day':
      return <Input type="date" {...props} />;
    case 'number':
      return <Input type="number" {...props} />;
    case 'person':
      return <PersonSelect {...props} />;
    case 'reference':
      return <ReferenceSelect {...props} target={field.target ?? ''} isRequired={field.isRequired} />;
    case 'texts':
      return <Input {...props} placeholder="one, another" />;
    default:
      return <Input {...props} maxLength={field.maxLength} />;
  }
}

function PersonSelect(props: ComponentProps<'select'>) {
  const people = usePeople();
  return (
    <Select {...props}>
      <option value="">Nobody</option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function ReferenceSelect({
  target,
  isRequired,
  ...props
}: ComponentProps<'select'> & { target: string; isRequired: boolean }) {
  const { items } = useResourceList(useResource(target), { limit: '200' });
  return (
    // The key makes a select whose value came before its options show it.
    <Select key={items.length} {...props}>
      {!isRequired && <option value="">None</option>}
      {items.map((row) => (
        <option key={row.id} value={row.id}>
          {String(row.name ?? row.title ?? row.id)}
        </option>
      ))}
    </Select>
  );
}
