import { lazy, use } from 'react';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import type { ControlProps } from './field-props.js';
import { FormScopeContext } from './form-context.js';
import { readAnything, writeAnything } from './json-form.js';

const ExpressionEditor = lazy(async () => ({
  default: (await import('./expression-editor.js')).ExpressionEditor,
}));

/** A text with expressions, and what it gives with the values of the last test. */
export function ExpressionField({ label, value, onChange, control }: ControlProps) {
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
