import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { result, secretApi } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input, Select } from '../../components/ui/field.js';
import { resourceKey } from '../resources/resource.js';
import { fieldsOf, type ResourceField } from '../resources/resource-fields.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { type Connection, type Connector, useConnectors } from './connector.js';

type Given = Record<string, unknown>;

interface Values {
  name: string;
  config: Given;
  secret: Given;
}

export interface ConnectionFormProps {
  /** What is to be changed; a new one without. */
  connection?: Connection | undefined;
  /** The app of a new one, where that is known. */
  connectorName?: string | undefined;
  onDone(id: string): void;
}

/** The form of an app's catalogue: settings, and credentials, which are sent and never shown. */
export function ConnectionForm({ connection, connectorName, onDone }: ConnectionFormProps) {
  const connectors = useConnectors();
  const [chosen, setChosen] = useState(connection?.connector ?? connectorName);
  const connector = connectors.find(({ name }) => name === chosen);
  return (
    <div className="grid gap-4 p-5">
      {!connection && (
        <Field label="App" hint={connector?.description}>
          {(control) => (
            <Select {...control} value={chosen ?? ''} onChange={({ target }) => setChosen(target.value)}>
              <option value="">Choose …</option>
              {connectors.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {connector && (
        <ConnectorForm key={connector.name} connector={connector} connection={connection} onDone={onDone} />
      )}
    </div>
  );
}

function ConnectorForm({
  connector,
  connection,
  onDone,
}: {
  connector: Connector;
  connection: Connection | undefined;
  onDone(id: string): void;
}) {
  const client = useQueryClient();
  const settings = fieldsOf(connector.config);
  const credentials = connector.secret === null ? [] : fieldsOf(connector.secret);
  const form = useApiForm<Values>({
    defaultValues: {
      name: connection?.name ?? connector.title,
      config: Object.fromEntries(settings.map(({ name }) => [name, shown(connection?.config[name])])),
      secret: Object.fromEntries(credentials.map(({ name }) => [name, ''])),
    },
  });
  const submit = form.sendBy(async ({ name, config, secret }) => {
    const given = filled(credentials, secret);
    const hasSecret = Object.keys(given).length > 0;
    const body = { name, config: filled(settings, config), ...(hasSecret && { secret: given }) };
    const saved = connection
      ? await result(
          secretApi.PATCH('/v1/connections/{id}', {
            params: { path: { id: connection.id } },
            body: { ...body, version: connection.version },
          }),
        )
      : await result(secretApi.POST('/v1/connections', { body: { ...body, connector: connector.name } }));
    await client.invalidateQueries({ queryKey: resourceKey.all('connections') });
    toast(connection ? 'The connection was changed' : `${connector.title} is connected`);
    onDone(saved.id);
  });
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate autoComplete="off">
      <ProblemNote error={form.problem} />
      <Field label="Name" error={form.errorOf('name')}>
        {(control) => <Input {...control} {...form.register('name')} maxLength={200} />}
      </Field>
      {credentials.map((field) => (
        <Field
          key={field.name}
          label={field.isRequired || connection ? field.label : `${field.label} (if you have one)`}
          hint={connection ? 'Leave it empty to keep what is there' : field.hint}
          error={form.errorOf(`secret.${field.name}`)}
        >
          {(control) => (
            <Input
              {...control}
              {...form.register(`secret.${field.name}`)}
              type={isPlain(field) ? 'text' : 'password'}
              autoComplete="new-password"
            />
          )}
        </Field>
      ))}
      {settings.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          hint={field.hint ?? defaultOf(connector, field)}
          error={form.errorOf(`config.${field.name}`)}
        >
          {(control) => (
            <SettingControl field={field} props={{ ...control, ...form.register(`config.${field.name}`) }} />
          )}
        </Field>
      ))}
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          {connection ? 'Save' : `Connect ${connector.title}`}
        </Button>
      </div>
    </form>
  );
}

type ControlProps = React.ComponentProps<'input'> & React.ComponentProps<'select'>;

function SettingControl({ field, props }: { field: ResourceField; props: ControlProps }) {
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices;
    return (
      <Select {...props}>
        <option value="">As usual</option>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </Select>
    );
  }
  return <Input {...props} type={field.kind === 'number' ? 'number' : 'text'} />;
}

/** Names of those who sign in are shown while they are typed, secrets are not. */
function isPlain({ name }: ResourceField): boolean {
  return /^(user|username|email|kind|scheme|header)$/i.test(name);
}

function defaultOf({ config }: Connector, { name }: ResourceField): string | undefined {
  const text = JSON.stringify(config);
  const properties: unknown = JSON.parse(text).properties?.[name]?.default;
  return properties === undefined ? undefined : `${String(properties)} unless given`;
}

function shown(value: unknown): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** What was filled in, as the API takes it; what is empty is left out. */
function filled(fields: readonly ResourceField[], given: Given): Given {
  const entries = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const value = given[name];
    if (value === '' || value === undefined) return [];
    if (kind === 'number') return [[name, Number(value)]];
    if (kind === 'boolean') return [[name, value === 'true']];
    return [
      [
        name,
        kind === 'texts'
          ? String(value)
              .split(',')
              .map((part) => part.trim())
          : value,
      ],
    ];
  });
  return Object.fromEntries(entries);
}
