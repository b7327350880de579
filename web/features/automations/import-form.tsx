import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense } from 'react';
import { toast } from 'sonner';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input, Select } from '../../components/ui/field.js';
import { Skeleton } from '../../components/ui/states.js';
import { resourceKey, useResource } from '../resources/resource.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';

/** A document as the API takes it. */
export type ImportedDocument =
  paths['/v1/automations/import']['post']['requestBody']['content']['application/json']['document'];
type Parameter = NonNullable<ImportedDocument['parameters']>[number];

/** Asks for the parameters of a document, and makes automations of it. Leads to the first one. */
export function ImportForm({ document, verb }: { document: ImportedDocument; verb: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const parameters = document.parameters ?? [];
  const form = useApiForm<{ parameters: Record<string, unknown> }>({
    defaultValues: {
      parameters: Object.fromEntries(parameters.map((parameter) => [parameter.key, parameter.default ?? ''])),
    },
  });
  const submit = form.sendBy(async (values) => {
    const body = { document, parameters: valuesOf(parameters, values.parameters) };
    const { items } = await result(api.POST('/v1/automations/import', { body }));
    await client.invalidateQueries({ queryKey: resourceKey.all('automations') });
    const left = items.flatMap(({ issues }) => issues);
    if (left.length > 0) toast(`${left.length} things were left out: see the draft`);
    const [first] = items;
    if (first) {
      await navigate({
        to: '/automations/$automationId',
        params: { automationId: first.automation.id },
      });
    }
  });
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      <ProblemNote error={form.problem} />
      {parameters.map((parameter) => (
        <Field
          key={parameter.key}
          label={parameter.title}
          hint={parameter.description || undefined}
          error={form.errorOf(`parameters.${parameter.key}`)}
          aside={
            parameter.connector !== undefined && (
              <Link
                to="/connections"
                search={{ new: parameter.connector }}
                className="text-mini text-soft underline underline-offset-2"
              >
                Connect another
              </Link>
            )
          }
        >
          {(control) => (
            <Suspense fallback={<Skeleton className="h-9" />}>
              <ParameterControl
                parameter={parameter}
                props={{ ...control, ...form.register(`parameters.${parameter.key}`) }}
              />
            </Suspense>
          )}
        </Field>
      ))}
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          {verb}
        </Button>
      </div>
    </form>
  );
}

type ControlProps = React.ComponentProps<'input'> & React.ComponentProps<'select'>;

function ParameterControl({ parameter, props }: { parameter: Parameter; props: ControlProps }) {
  switch (parameter.type) {
    case 'connection':
      return <ConnectionSelect connector={parameter.connector ?? ''} props={props} />;
    case 'project':
      return <ProjectSelect props={props} />;
    case 'boolean':
      return (
        <Select {...props}>
          <option value="">Not said</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </Select>
      );
    default:
      return <Input {...props} type={parameter.type === 'number' ? 'number' : 'text'} />;
  }
}

/** Documents name connections, for ids mean nothing elsewhere. */
function ConnectionSelect({ connector, props }: { connector: string; props: ControlProps }) {
  const { items } = useResourceList(useResource('connections'), { connector, limit: '200' });
  return (
    <Select key={items.length} {...props}>
      <option value="">{items.length === 0 ? 'None is connected yet' : 'Choose …'}</option>
      {items.map(({ id, name }) => (
        <option key={id}>{String(name)}</option>
      ))}
    </Select>
  );
}

function ProjectSelect({ props }: { props: ControlProps }) {
  const { items } = useResourceList(useResource('projects'), { limit: '200' });
  return (
    <Select key={items.length} {...props}>
      <option value="">{items.length === 0 ? 'There is none yet' : 'Choose …'}</option>
      {items.map(({ id, name }) => (
        <option key={id} value={id}>
          {String(name)}
        </option>
      ))}
    </Select>
  );
}

/** What was filled in, as the API takes it; what is empty is left out. */
function valuesOf(parameters: readonly Parameter[], given: Record<string, unknown>) {
  const filled = parameters.flatMap(({ key, type }): [string, unknown][] => {
    const value = given[key];
    if (value === '' || value === undefined) return [];
    if (type === 'number') return [[key, Number(value)]];
    return [[key, type === 'boolean' ? String(value) === 'true' : value]];
  });
  return Object.fromEntries(filled);
}
