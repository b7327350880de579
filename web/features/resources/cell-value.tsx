import { Check, Minus } from 'lucide-react';
import { Avatar } from '../../components/ui/avatar.js';
import { Badge } from '../../components/ui/states.js';
import { dayText, momentText, wholeMomentText } from './moments.js';
import { labelOf, type ResourceField } from './resource-fields.js';
import type { Person } from './use-people.js';

/** Shows a value of a row by the kind of its field. */
export function CellValue({
  field,
  value,
  people,
}: {
  field: ResourceField;
  value: unknown;
  people: readonly Person[];
}) {
  if (value === null || value === undefined || value === '') return <span className="sr-only">none</span>;
  switch (field.kind) {
    case 'choice':
      return <Badge>{labelOf(String(value))}</Badge>;
    case 'boolean':
      return value ? (
        <Check aria-label="yes" className="size-4 text-success" />
      ) : (
        <Minus aria-label="no" className="size-4 text-faint" />
      );
    case 'day':
      return <span>{dayText(String(value))}</span>;
    case 'moment':
      return (
        <time dateTime={String(value)} title={wholeMomentText(String(value))} className="text-soft">
          {momentText(String(value))}
        </time>
      );
    case 'person': {
      const person = people.find(({ id }) => id === value);
      return person ? (
        <PersonName person={person} />
      ) : (
        <code className="truncate text-mini text-soft">{String(value).slice(-12)}</code>
      );
    }
    case 'texts':
      return <Texts value={value} />;
    default:
      return <span className="truncate">{textOf(value)}</span>;
  }
}

export function PersonName({ person }: { person: Person }) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-2">
      <Avatar id={person.id} name={person.name} />
      <span className="truncate">{person.name}</span>
    </span>
  );
}

function Texts({ value }: { value: unknown }) {
  const items = Array.isArray(value) ? value : [];
  return (
    <span className="flex min-w-0 items-center gap-1 overflow-hidden">
      {items.slice(0, 3).map((item) => (
        <Badge key={textOf(item)}>{textOf(item)}</Badge>
      ))}
      {items.length > 3 && <span className="text-faint">+{items.length - 3}</span>}
    </span>
  );
}

/** Objects that rows carry have a name, such as the role of a member. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return 'name' in value ? String(value.name) : 'title' in value ? String(value.title) : '…';
}
