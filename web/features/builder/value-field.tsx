import { Braces, Plus, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, use, useId, useState } from 'react';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import { Button } from '../../components/ui/button.js';
import { Input, Select, TextArea } from '../../components/ui/field.js';
import { Picker } from '../../components/ui/picker.js';
import { Skeleton } from '../../components/ui/states.js';
import { FormScopeContext } from './form-context.js';
import {
  type FormSchema,
  kindOfField,
  readAnything,
  unwrapped,
  wordsOf,
  writeAnything,
} from './json-form.js';
import { JsonControl, PeopleControl, ReferenceControl, TextsControl } from './leaf-controls.js';

const ExpressionEditor = lazy(async () => ({
  default: (await import('./expression-editor.js')).ExpressionEditor,
}));

export interface ValueFieldProps {
  name: string;
  label?: string;
  /** Within the step, such as `input.title`: issues name it so. */
  path: string;
  schema: FormSchema;
  value: unknown;
  isRequired?: boolean;
  /** Texts in it may hold expressions. Where anything may stand they always may. */
  isTemplate: boolean;
  /** Undefined takes the field out. */
  onChange(value: unknown): void;
}

type ControlProps = ValueFieldProps & {
  label: string;
  control: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string };
};

/** One field of a step's form, by its schema: a control for a value that is fixed, or an expression. */
export function ValueField(props: ValueFieldProps) {
  const { name, path, value, isTemplate, isRequired, onChange } = props;
  const schema = unwrapped(props.schema);
  const label = props.label ?? wordsOf(name);
  const id = useId();
  const { errorAt } = use(FormScopeContext);
  const [wantsExpression, setWantsExpression] = useState(false);
  const kind = kindOfField(name, schema);
  const isAny = kind === 'any';
  const hasExpression = typeof value === 'string' && value.includes('{{');
  const isExpression = isAny || (isTemplate && (hasExpression || wantsExpression));
  const error = errorAt(path);
  const isGroup = !isExpression && (kind === 'object' || kind === 'record' || kind === 'list');
  const described = [error && `${id}-error`, schema.description && `${id}-hint`].filter(Boolean).join(' ');
  const control = {
    id,
    'aria-invalid': Boolean(error),
    ...(described && { 'aria-describedby': described }),
  };
  const head = (
    <span className="flex items-center justify-between gap-2">
      {isGroup || isExpression || kind === 'people' ? (
        <span className="font-medium">{label}</span>
      ) : (
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
      )}
      <span className="flex items-center">
        {isTemplate && !isAny && !isGroup && (
          <Button
            look="ghost"
            size="icon"
            aria-pressed={isExpression}
            aria-label={`${label}: expression`}
            title="Expression"
            className="size-6 aria-pressed:bg-accent-soft aria-pressed:text-accent"
            onClick={() => {
              if (hasExpression) onChange(undefined);
              setWantsExpression(!isExpression);
            }}
          >
            <Braces aria-hidden />
          </Button>
        )}
        {!isRequired && value !== undefined && (
          <Button
            look="ghost"
            size="icon"
            className="size-6"
            aria-label={`Clear ${label}`}
            onClick={() => {
              setWantsExpression(false);
              onChange(undefined);
            }}
          >
            <X aria-hidden />
          </Button>
        )}
      </span>
    </span>
  );
  return (
    <div className="grid min-w-0 gap-1">
      {head}
      <Suspense fallback={<Skeleton className="h-9" />}>
        {isExpression ? (
          <Expression {...props} label={label} control={control} />
        ) : (
          <Control {...props} schema={schema} label={label} control={control} />
        )}
      </Suspense>
      {schema.description && (
        <p id={`${id}-hint`} className="text-mini text-faint">
          {schema.description}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-mini text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

function Expression({ label, value, onChange, control }: ControlProps) {
  const { shape, data } = use(FormScopeContext);
  const text = writeAnything(value);
  return (
    <>
      <ExpressionEditor
        label={label}
        value={text}
        shape={shape}
        isInvalid={control['aria-invalid']}
        describedBy={control['aria-describedby']}
        onChange={(typed) => onChange(typed === '' ? undefined : readAnything(typed))}
      />
      {text.includes('{{') && <Preview value={value} data={data} />}
    </>
  );
}

/** What an expression gives with the values of the last test. */
function Preview({ value, data }: { value: unknown; data: Readonly<Record<string, unknown>> }) {
  if (data.trigger === undefined) return null;
  const { text, isError } = previewOf(value, data);
  return (
    <output
      className={`block truncate rounded-md bg-side px-2 py-1 font-mono text-[11px] leading-4 ${isError ? 'text-danger' : 'text-soft'}`}
    >
      {isError ? text : `= ${text}`}
    </output>
  );
}

function previewOf(value: unknown, data: Readonly<Record<string, unknown>>) {
  try {
    return { text: JSON.stringify(evaluateTemplates(value, data)) ?? 'null', isError: false };
  } catch (error) {
    return { text: error instanceof Error ? error.message : String(error), isError: true };
  }
}

function Control(props: ControlProps): ReactNode {
  const { name, schema, value, onChange, control, isRequired } = props;
  const given = value === undefined ? '' : String(value);
  const asText = (text: string) => onChange(text === '' && !isRequired ? undefined : text);
  const empty = schema.default === undefined ? 'As usual' : `As usual: ${String(schema.default)}`;
  switch (kindOfField(name, schema)) {
    case 'choice':
      return (
        <Select {...control} value={given} onChange={({ target }) => onChange(target.value || undefined)}>
          {(!isRequired || value === undefined) && <option value="">{empty}</option>}
          {schema.enum?.map((choice) => (
            <option key={String(choice)} value={String(choice)}>
              {wordsOf(String(choice))}
            </option>
          ))}
        </Select>
      );
    case 'boolean':
      return (
        <Select
          {...control}
          value={given}
          onChange={({ target }) => onChange(target.value === '' ? undefined : target.value === 'true')}
        >
          <option value="">{empty}</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </Select>
      );
    case 'number':
      return (
        <Input
          {...control}
          type="number"
          min={schema.minimum}
          max={schema.maximum}
          placeholder={schema.default === undefined ? '' : String(schema.default)}
          value={given}
          onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
        />
      );
    case 'people':
      return <PeopleControl {...props} />;
    case 'texts':
      return <TextsControl {...props} />;
    case 'list':
      return <ListControl {...props} />;
    case 'object':
      return (
        <Group>
          <ObjectFields {...props} value={fieldsOf(value)} />
        </Group>
      );
    case 'record':
      return <RecordControl {...props} />;
    case 'json':
    case 'any':
      return <JsonControl {...props} />;
    case 'long_text':
      return (
        <TextArea
          {...control}
          className={name === 'source' ? 'min-h-48 font-mono text-[12px]' : 'min-h-20'}
          value={given}
          onChange={({ target }) => asText(target.value)}
        />
      );
    default:
      return referenceOf(props) ? (
        <ReferenceControl {...props} target={referenceOf(props) ?? ''} />
      ) : (
        <Input
          {...control}
          maxLength={schema.maxLength}
          value={given}
          onChange={({ target }) => asText(target.value)}
        />
      );
  }
}

/** Which resource's ids a field holds, by its name. */
function referenceOf({ name, schema }: ControlProps): string | undefined {
  if (unwrapped(schema).format !== 'uuid') return undefined;
  const known: Readonly<Record<string, string>> = { projectId: 'projects', automation: 'automations' };
  return known[name];
}

function ListControl({ label, path, schema, value, isTemplate, onChange }: ControlProps) {
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
          <ObjectFields
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

function RecordControl({ label, path, schema, value, isTemplate, onChange }: ControlProps) {
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
        <ValueField
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

function Group({ children }: { children: ReactNode }) {
  return <div className="grid gap-3 border-line border-l-2 pl-3">{children}</div>;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export interface ObjectFieldsProps {
  path: string;
  schema: FormSchema;
  value: Readonly<Record<string, unknown>>;
  isTemplate: boolean;
  onChange(value: Readonly<Record<string, unknown>>): void;
  /** Fields that are shown elsewhere, or never. */
  without?: readonly string[];
}

/** The fields of an object: those that are needed or given, and a list to choose more from. */
export function ObjectFields({ path, schema, value, isTemplate, onChange, without = [] }: ObjectFieldsProps) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties).filter(
    (name) => !without.includes(name) && properties[name]?.const === undefined,
  );
  const isShown = (name: string) =>
    required.includes(name) || value[name] !== undefined || opened.includes(name) || names.length <= 3;
  const hidden = names.filter((name) => !isShown(name));
  return (
    <>
      {names.filter(isShown).map((name) => (
        <ValueField
          key={name}
          name={name}
          path={path === '' ? name : `${path}.${name}`}
          schema={properties[name] ?? {}}
          value={value[name]}
          isRequired={required.includes(name)}
          isTemplate={isTemplate}
          onChange={(changed) => {
            const { [name]: _, ...rest } = value;
            onChange(changed === undefined ? rest : { ...value, [name]: changed });
          }}
        />
      ))}
      {hidden.length > 0 && (
        <Picker
          label="Fields"
          choices={hidden.map((name) => ({ value: name, label: wordsOf(name) }))}
          chosen={[]}
          onChoose={(name) => setOpened([...opened, name])}
          trigger={
            <Button size="small" className="justify-self-start">
              <Plus aria-hidden />
              Add a field
            </Button>
          }
        />
      )}
    </>
  );
}
