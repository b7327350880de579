import { useQuery } from '@tanstack/react-query';
import { changeTrigger } from '#core/automation/draft/edit-draft.js';
import { Field, Select } from '../../components/ui/field.js';
import { triggerQuery, triggersQuery } from './catalogue.js';
import { ConnectionField } from './connection-field.js';
import type { InspectorProps } from './inspector-props.js';
import { ObjectFields, ValueField } from './value-field.js';

/** Everything that can be said of what starts the automation. */
export function TriggerForm({ draft, change }: Pick<InspectorProps, 'draft' | 'change'>) {
  const { trigger } = draft;
  const { data: triggers } = useQuery(triggersQuery);
  const event = typeof trigger.input.event === 'string' ? trigger.input.event : undefined;
  const { data: described } = useQuery(triggerQuery(trigger.type, event));
  const found = triggers?.items.find(({ name }) => name === trigger.type);
  const put = (fields: Readonly<Record<string, unknown>>, about?: string) =>
    change((present) => changeTrigger(present, fields), about && `trigger.${about}`);
  const { event: _, ...properties } = described?.input?.properties ? Object(described.input.properties) : {};
  return (
    <>
      <Field label="Starts when">
        {(control) => (
          <Select
            {...control}
            value={trigger.type}
            onChange={({ target }) =>
              change((present) => ({ ...present, trigger: { type: target.value, input: {} } }))
            }
          >
            {(triggers?.items ?? [{ name: trigger.type, title: trigger.type }]).map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {trigger.type === 'event' && (
        <Field label="Event">
          {(control) => (
            <Select
              {...control}
              value={event ?? ''}
              onChange={({ target }) => put({ input: { event: target.value } })}
            >
              <option value="">Choose …</option>
              {triggers?.events.map(({ type, title }) => (
                <option key={type} value={type}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <ConnectionField
        connector={found?.connector}
        isRequired={found?.connection === 'required'}
        value={trigger.connection}
        onChange={(connection) => put({ connection })}
      />
      {described?.input && (
        <ObjectFields
          key={trigger.type}
          path="input"
          schema={{ ...described.input, properties }}
          value={trigger.input}
          isTemplate={false}
          onChange={(value) => put({ input: value }, 'input')}
        />
      )}
      <ValueField
        key={`where:${trigger.type}`}
        name="where"
        label="Only where"
        path="where"
        schema={{
          description: 'A condition such as {{ trigger.amount > 100 }}; without it everything starts a run',
        }}
        value={trigger.where}
        isTemplate
        onChange={(value) => put({ where: value === undefined ? undefined : String(value) }, 'where')}
      />
    </>
  );
}
