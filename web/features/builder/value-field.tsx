import { Braces, Plus, X } from 'lucide-react';
import { Suspense, use, useId, useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { Picker } from '../../components/ui/picker.js';
import { Skeleton } from '../../components/ui/states.js';
import { ExpressionField } from './expression-field.js';
import { FieldControl } from './field-control.js';
import type { ObjectFieldsProps, ValueFieldProps } from './field-props.js';
import { FormScopeContext } from './form-context.js';
import { kindOfField, unwrapped, wordsOf } from './json-form.js';

/** One field of a step's form, by its schema: a control for a value that is fixed, or an expression. */
export function ValueField(props: ValueFieldProps) {
  const { name, path, value, isTemplate, isRequired, onChange } = props;
  const schema = unwrapped(props.schema);
  const label = props.label ?? schema.title ?? wordsOf(name);
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
      {isGroup || isExpression || kind === 'chosen_list' ? (
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
          <ExpressionField {...props} label={label} control={control} />
        ) : (
          <FieldControl {...props} schema={schema} label={label} control={control} parts={parts} />
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

/** The fields of an object: those that are needed or given, and a list to choose more from. */
export function ObjectFields({
  path,
  schema,
  value,
  isTemplate,
  onChange,
  without = [],
  always = [],
  addLabel = 'Add a field',
}: ObjectFieldsProps) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties).filter(
    (name) => !without.includes(name) && properties[name]?.const === undefined,
  );
  const isShown = (name: string) =>
    required.includes(name) ||
    always.includes(name) ||
    value[name] !== undefined ||
    opened.includes(name) ||
    names.length <= 3;
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
          siblings={value}
          onChange={(changed) => {
            const { [name]: _, ...rest } = value;
            onChange(changed === undefined ? rest : { ...value, [name]: changed });
          }}
        />
      ))}
      {hidden.length > 0 && (
        <Picker
          label="Fields"
          choices={hidden.map((name) => ({ value: name, label: properties[name]?.title ?? wordsOf(name) }))}
          chosen={[]}
          onChoose={(name) => setOpened([...opened, name])}
          trigger={
            <Button size="small" className="justify-self-start">
              <Plus aria-hidden />
              {addLabel}
            </Button>
          }
        />
      )}
    </>
  );
}

const parts = { Field: ValueField, Fields: ObjectFields };
