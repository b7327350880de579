import { useState } from 'react';
import { type FieldValues, type Path, type UseFormProps, type UseFormReturn, useForm } from 'react-hook-form';
import { toApiError } from '../../api/api-error.js';

export interface ApiForm<Values extends FieldValues> extends UseFormReturn<Values> {
  /** What went wrong that is no matter of one field. */
  problem: unknown;
  /** Sends the form by `send`; what the API says of fields is shown at them. */
  sendBy(send: (values: Values) => Promise<void>): (event?: React.BaseSyntheticEvent) => Promise<void>;
  errorOf(field: Path<Values>): string | undefined;
}

/** A form whose errors come from the API: those of its fields in place, others as `problem`. */
export function useApiForm<Values extends FieldValues>(options: UseFormProps<Values>): ApiForm<Values> {
  const form = useForm<Values>(options);
  const [problem, setProblem] = useState<unknown>();
  const { errors } = form.formState;
  return {
    ...form,
    problem,
    errorOf(field) {
      return readPath(errors, field)?.message;
    },
    sendBy: (send) =>
      form.handleSubmit(async (values) => {
        setProblem(undefined);
        try {
          await send(values);
        } catch (error) {
          const rest = placeIssues(form, values, error);
          setProblem(rest);
        }
      }),
  };
}

/** Puts each issue at its field; returns the error if some issue has no field here, or there is none. */
function placeIssues<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  values: Values,
  error: unknown,
): unknown {
  const { issues } = toApiError(error);
  const fields = new Set(namesIn(values));
  const placed = issues.filter(({ path }) => fields.has(path));
  for (const { path, message } of placed) form.setError(path as Path<Values>, { message: sentence(message) });
  const [first] = placed;
  if (first) form.setFocus(first.path as Path<Values>);
  return placed.length === issues.length && issues.length > 0 ? undefined : error;
}

function namesIn(values: object, prefix = ''): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? namesIn(value, `${prefix}${name}.`) : [`${prefix}${name}`];
  });
}

function readPath(errors: object, path: string): { message?: string } | undefined {
  let found: unknown = errors;
  for (const part of path.split('.')) {
    found =
      typeof found === 'object' && found !== null
        ? Object.entries(found).find(([key]) => key === part)?.[1]
        : undefined;
  }
  return typeof found === 'object' && found !== null ? found : undefined;
}

/** The API's messages go on after the name of the field: `must not be empty`. */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
