/** How a value is shown and asked for. */
export type FieldKind =
  | 'text'
  | 'long_text'
  | 'choice'
  | 'boolean'
  | 'number'
  | 'day'
  | 'moment'
  | 'person'
  | 'reference'
  | 'texts'
  | 'other';

/** A field of a resource, as its JSON Schema has it. */
export interface ResourceField {
  name: string;
  label: string;
  kind: FieldKind;
  isRequired: boolean;
  isNullable: boolean;
  hint: string | undefined;
  maxLength: number | undefined;
  /** Of a choice. */
  choices: readonly string[];
  /** The resource that a reference points at. */
  target: string | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

const personFields = new Set([
  'assigneeId',
  'managerId',
  'userId',
  'ownerId',
  'createdBy',
  'updatedBy',
  'invitedBy',
  'principalId',
  'onBehalfOf',
]);
/** Longer texts get more than a line. */
const lineLength = 500;

/** The fields of an object schema, in its order. */
export function fieldsOf(schema: Schema): ResourceField[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(asSchema(schema.properties)).map(([name, property]) =>
    describeField(name, asSchema(property), required.includes(name)),
  );
}

/** `dueDate` becomes `Due date`; an id is called by what it is of. */
export function labelOf(name: string): string {
  const words = name
    .replace(/Id$/, '')
    .replace(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function describeField(name: string, property: Schema, isRequired: boolean): ResourceField {
  const { schema, isNullable } = withoutNull(property);
  const kind = kindOf(name, schema);
  return {
    name,
    label: labelOf(name),
    kind,
    isRequired,
    isNullable,
    hint: typeof property.description === 'string' ? property.description : undefined,
    maxLength: typeof schema.maxLength === 'number' ? schema.maxLength : undefined,
    choices: Array.isArray(schema.enum) ? schema.enum.map(String) : choicesOfItems(schema),
    target: kind === 'reference' ? `${name.slice(0, -2)}s` : undefined,
  };
}

function kindOf(name: string, { type, format, enum: choices, maxLength }: Schema): FieldKind {
  if (Array.isArray(choices)) return 'choice';
  if (personFields.has(name)) return 'person';
  if (type === 'boolean') return 'boolean';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return 'texts';
  if (type !== 'string') return 'other';
  if (format === 'date' || name.endsWith('Date')) return 'day';
  if (format === 'date-time' || name.endsWith('At')) return 'moment';
  if (format === 'uuid') return name.endsWith('Id') ? 'reference' : 'other';
  return typeof maxLength === 'number' && maxLength > lineLength ? 'long_text' : 'text';
}

function choicesOfItems({ items }: Schema): string[] {
  const { enum: choices } = asSchema(items);
  return Array.isArray(choices) ? choices.map(String) : [];
}

function withoutNull(property: Schema): { schema: Schema; isNullable: boolean } {
  if (Array.isArray(property.type)) {
    const [type] = property.type.filter((one) => one !== 'null');
    return { schema: { ...property, type }, isNullable: property.type.includes('null') };
  }
  if (!Array.isArray(property.anyOf)) return { schema: property, isNullable: false };
  const others = property.anyOf.map(asSchema).filter(({ type }) => type !== 'null');
  return { schema: others[0] ?? {}, isNullable: others.length < property.anyOf.length };
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
