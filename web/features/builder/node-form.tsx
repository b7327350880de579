import { useQuery } from '@tanstack/react-query';
import type { DraftNode } from '#core/automation/draft/draft.js';
import { changeNode } from '#core/automation/draft/edit-draft.js';
import { renameNode } from '#core/automation/draft/rename-node.js';
import { Field, Input, TextArea } from '../../components/ui/field.js';
import { lookOfNode } from '../canvas/node-look.js';
import { stepQuery } from './catalogue.js';
import { ConnectionField } from './connection-field.js';
import { IdField } from './id-field.js';
import type { InspectorProps } from './inspector-props.js';
import type { FormSchema } from './json-form.js';
import { actionOf, schemaOfType } from './step-schema.js';
import { ObjectFields, ValueField } from './value-field.js';

/** Everything that can be said of a step. */
export function NodeForm({ node, draft, change, onRenamed }: InspectorProps & { node: DraftNode }) {
  const { id, type } = node;
  const action = actionOf(node);
  const { data: step } = useQuery({ ...stepQuery(action ?? ''), enabled: action !== undefined });
  const schema = schemaOfType(type);
  const put = (fields: Readonly<Record<string, unknown>>, about?: string) =>
    change((present) => changeNode(present, id, fields), about && `${id}.${about}`);
  const input: FormSchema | undefined = action === undefined ? schema.properties?.input : step?.input;
  const own = ['id', 'type', 'name', 'note', 'input', 'action', 'connection', 'retry', 'timeout', 'onError'];
  const canFail = schema.properties?.onError !== undefined;
  return (
    <>
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            placeholder={lookOfNode({ ...node, name: undefined }).title}
            value={node.name ?? ''}
            onChange={({ target }) => put({ name: target.value || undefined }, 'name')}
          />
        )}
      </Field>
      {(type === 'action' || type === 'http') && (
        <ConnectionField
          connector={type === 'http' ? 'http' : step?.connector}
          isRequired={step?.connection === 'required'}
          value={node.connection}
          onChange={(connection) => put({ connection })}
        />
      )}
      {input && (
        <ObjectFields
          key={`input:${id}`}
          path="input"
          schema={input}
          value={node.input}
          isTemplate={action !== undefined}
          onChange={(value) => put({ input: value }, 'input')}
        />
      )}
      <ObjectFields
        key={`own:${id}`}
        path=""
        schema={schema}
        value={node}
        isTemplate={false}
        without={own}
        onChange={(value) => put({ ...emptied(node, value), ...value }, 'own')}
      />
      {(canFail || schema.properties?.timeout) && (
        <fieldset className="grid gap-4 border-line border-t pt-4">
          <legend className="sr-only">When it takes long or fails</legend>
          {['timeout', 'retry', 'onError'].map((name) => {
            const field = schema.properties?.[name];
            return (
              field && (
                <ValueField
                  key={name}
                  name={name}
                  label={effortLabels[name] ?? name}
                  path={name}
                  schema={field}
                  value={node[name]}
                  isTemplate={false}
                  onChange={(value) => put({ [name]: value }, name)}
                />
              )
            );
          })}
        </fieldset>
      )}
      <IdField
        draft={draft}
        id={id}
        onRename={(wanted) => {
          change((present) => renameNode(present, id, wanted));
          onRenamed(wanted);
        }}
      />
      <Field label="Note">
        {(control) => (
          <TextArea
            {...control}
            className="min-h-16"
            maxLength={5_000}
            value={node.note ?? ''}
            onChange={({ target }) => put({ note: target.value || undefined }, 'note')}
          />
        )}
      </Field>
    </>
  );
}

const effortLabels: Readonly<Record<string, string>> = {
  timeout: 'Timeout',
  retry: 'Retries',
  onError: 'If it fails',
};

/** Fields that were there and are not any more, as undefined. */
function emptied(before: object, after: object): Record<string, undefined> {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return Object.fromEntries(gone.map((name) => [name, undefined]));
}
