import { useQueries, useQuery } from '@tanstack/react-query';
import { Copy, Trash2, X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { z } from 'zod';
import type { Draft, DraftNode } from '#core/automation/draft/draft.js';
import { changeNode, changeTrigger } from '#core/automation/draft/edit-draft.js';
import { nodeKinds } from '#core/automation/nodes/index.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input, Select, TextArea } from '../../components/ui/field.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { stepQuery, triggerQuery, triggersQuery, useConnections } from './catalogue.js';
import { nodesBefore, scopeShape } from './expression-scope.js';
import { FormScopeContext } from './form-context.js';
import type { FormSchema } from './json-form.js';
import { ObjectFields, ValueField } from './value-field.js';

/** What the check has found. */
export interface Issue {
  path: string;
  message: string;
  node?: string | undefined;
}

export interface InspectorProps {
  draft: Draft;
  /** Of a node, or `trigger`. */
  id: string;
  /** It was just added: its first field gets the focus. */
  isNew: boolean;
  issues: readonly Issue[];
  /** Values that expressions are previewed with. */
  data: Readonly<Record<string, unknown>>;
  change(edit: (draft: Draft) => Draft, about?: string): void;
  onClose(): void;
  onDelete(): void;
  onDuplicate(): void;
}

/** Everything that can be said of the chosen step, or of the trigger. */
export function Inspector(props: InspectorProps) {
  const { draft, id, isNew, issues, data, onClose, onDelete, onDuplicate } = props;
  const node = draft.nodes.find((entry) => entry.id === id);
  const look = node ? lookOfNode(node) : lookOfTrigger(draft.trigger);
  const scope = useFormScope(draft, id, issues, data);
  const loose = issues.filter(({ path }) => ['edges', 'type', 'action', 'id'].includes(withoutPlace(path)));
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isNew) return;
    // Behind the palette's own step, which gives the focus back to where it was.
    const timer = setTimeout(() => section.current?.querySelector('input')?.focus());
    return () => clearTimeout(timer);
  }, [isNew]);
  return (
    <section
      ref={section}
      aria-label={`Settings of ${look.title}`}
      className="absolute inset-y-0 right-0 z-10 flex w-full flex-col border-line border-l bg-ground sm:w-92 md:static"
    >
      <div className="flex min-h-12 items-center gap-1 border-line border-b px-4">
        <look.icon aria-hidden className="mr-1 size-4 text-soft" />
        <h2 className="mr-auto truncate font-semibold">{look.title}</h2>
        {node && (
          <>
            <Button look="ghost" size="icon" aria-label="Duplicate the step" onClick={onDuplicate}>
              <Copy aria-hidden />
            </Button>
            <Button look="ghost" size="icon" aria-label="Delete the step" onClick={onDelete}>
              <Trash2 aria-hidden />
            </Button>
          </>
        )}
        <Button look="ghost" size="icon" aria-label="Close the settings" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </div>
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-4">
        {loose.map(({ path, message }) => (
          <p key={path + message} className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {sentence(message)}
          </p>
        ))}
        <FormScopeContext value={scope}>
          {node ? <NodeForm {...props} node={node} /> : <TriggerForm {...props} />}
        </FormScopeContext>
      </div>
    </section>
  );
}

function NodeForm({ node, change }: InspectorProps & { node: DraftNode }) {
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
      <Field label="Name" hint={`In expressions: steps.${id}`}>
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

function TriggerForm({ draft, change }: InspectorProps) {
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

function ConnectionField({
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

const effortLabels: Readonly<Record<string, string>> = {
  timeout: 'Timeout',
  retry: 'Retries',
  onError: 'If it fails',
};

function useFormScope(
  draft: Draft,
  id: string,
  issues: readonly Issue[],
  data: Readonly<Record<string, unknown>>,
) {
  const { type, input } = draft.trigger;
  const event = typeof input.event === 'string' ? input.event : undefined;
  const { data: trigger } = useQuery(triggerQuery(type, event));
  const names = [...new Set(nodesBefore(draft, id).flatMap((node) => actionOf(node) ?? []))];
  const actions = useQueries({
    queries: names.map(stepQuery),
    combine: (results) =>
      new Map(results.flatMap(({ data: step }) => (step ? [[step.name, step.output] as const] : []))),
  });
  return useMemo(
    () => ({
      shape: scopeShape(draft, id, { trigger: trigger?.output, actions, data }),
      data,
      errorAt: (path: string) => {
        const found = issues.find((issue) => withoutPlace(issue.path) === path);
        return found && sentence(found.message);
      },
    }),
    [draft, id, trigger, actions, data, issues],
  );
}

/** The action whose form a node shows. */
function actionOf(node: DraftNode): string | undefined {
  if (node.type === 'http') return 'http.request';
  return typeof node.action === 'string' ? node.action : undefined;
}

function schemaOfType(type: string): FormSchema {
  const kind = Object.entries(nodeKinds).find(([name]) => name === type)?.[1];
  if (!kind) return {};
  // What JSON Schema says, in the fields that forms go by.
  return z.toJSONSchema(kind.schema, { io: 'input', unrepresentable: 'any' }) as FormSchema;
}

/** Fields that were there and are not any more, as undefined. */
function emptied(before: object, after: object): Record<string, undefined> {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return Object.fromEntries(gone.map((name) => [name, undefined]));
}

/** An issue's path within its node: `input.title` of `nodes.3.input.title`. */
function withoutPlace(path: string): string {
  return path.replace(/^(nodes\.\d+|trigger)\./, '');
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
