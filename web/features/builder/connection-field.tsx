import { Field, Select } from '../../components/ui/field.js';
import { useConnections } from './catalogue.js';

/** Which of the connections to an app is used; nothing for what needs none. */
export function ConnectionField({
  connector,
  isRequired,
  value,
  onChange,
}: {
  connector: string | null | undefined;
  isRequired: boolean;
  value: unknown;
  onChange(id: string | undefined): void;
}) {
  const connections = useConnections(connector);
  if (!connector) return null;
  return (
    <Field
      label="Connection"
      hint={connections.length === 0 ? `There is no connection of ${connector} yet.` : undefined}
    >
      {(control) => (
        <Select
          {...control}
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) => onChange(target.value || undefined)}
        >
          <option value="">{isRequired ? 'Choose …' : 'None'}</option>
          {connections.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
