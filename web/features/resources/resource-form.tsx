import { Suspense } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Field } from '../../components/ui/field.js';
import { Skeleton } from '../../components/ui/states.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { FieldControl } from './field-control.js';
import type { Resource, Row } from './resource.js';
import { fieldsOf, type ResourceField } from './resource-fields.js';

export interface ResourceFormProps {
  resource: Resource;
  verb: 'create' | 'update';
  /** Names of the fields to ask for, in this order; all that can be asked for unless given. */
  fields?: readonly string[] | undefined;
  /** The row to be changed, or what a new one begins with. */
  initial?: Partial<Row> | undefined;
  submitLabel: string;
  /** Sends what was filled in, or what of it has changed. Throws an ApiError, whose issues are shown at the fields. */
  onSend(input: Record<string, unknown>): Promise<void>;
}

/** A form for a row, made of the schema that its resource declares. */
export function ResourceForm({
  resource,
  verb,
  fields: names,
  initial = {},
  submitLabel,
  onSend,
}: ResourceFormProps) {
  const all = fieldsOf(resource.operations[verb]?.input ?? {}).filter(isAsked);
  const fields = names ? names.flatMap((name) => all.filter((field) => field.name === name)) : all;
  const form = useApiForm<Record<string, unknown>>({
    defaultValues: Object.fromEntries(
      fields.map((field) => [field.name, toControl(field, initial[field.name])]),
    ),
  });
  const submit = form.sendBy(async (values) => {
    const input: Record<string, unknown> = {};
    for (const field of fields) {
      const value = fromControl(field, values[field.name]);
      const isChanged = JSON.stringify(value) !== JSON.stringify(initial[field.name]);
      if (value !== undefined && (verb === 'create' || isChanged)) input[field.name] = value;
    }
    await onSend(input);
  });
  return (
    <form onSubmit={submit} className="grid gap-4 p-5 pb-0 sm:grid-cols-2" noValidate>
      <div className="empty:hidden sm:col-span-2">
        <ProblemNote error={form.problem} />
      </div>
      {fields.map((field, index) => (
        <div key={field.name} className={classNames(!isShort(field) && 'sm:col-span-2')}>
          <Field
            label={field.label}
            error={form.errorOf(field.name)}
            hint={field.kind === 'person' ? undefined : field.hint}
          >
            {(control) => (
              <Suspense fallback={<Skeleton className="h-9" />}>
                <FieldControl
                  field={field}
                  control={control}
                  registration={form.register(field.name)}
                  autoFocus={index === 0}
                />
              </Suspense>
            )}
          </Field>
        </div>
      ))}
      <div className="sticky bottom-0 -mx-5 flex justify-end border-line border-t bg-raised px-5 py-3 sm:col-span-2">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

const shortKinds = new Set(['choice', 'boolean', 'number', 'day', 'person', 'reference']);

/** Two of them stand beside one another. */
function isShort({ kind }: ResourceField): boolean {
  return shortKinds.has(kind);
}

/** What a form can ask for: ids are made by the API, and the version is none of the person's. */
function isAsked({ name, kind }: ResourceField): boolean {
  return name !== 'id' && name !== 'version' && kind !== 'other';
}

function toControl(field: ResourceField, value: unknown): unknown {
  if (field.kind === 'boolean') return value === true;
  if (field.kind === 'texts') return Array.isArray(value) ? value.join(', ') : '';
  return value ?? '';
}

/** What a control holds as the API takes it; undefined where nothing is said. */
function fromControl(field: ResourceField, value: unknown): unknown {
  if (field.kind === 'boolean') return value === true;
  const text = String(value ?? '');
  if (field.kind === 'texts') {
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  if (text !== '') return field.kind === 'number' ? Number(text) : text;
  if (field.isNullable) return null;
  return field.isRequired || field.kind === 'long_text' ? '' : undefined;
}
