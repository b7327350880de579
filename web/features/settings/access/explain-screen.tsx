import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useId } from 'react';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import type { paths } from '../../../client/schema.js';
import { Field, Input, Select } from '../../../components/ui/field.js';
import { SkeletonRows } from '../../../components/ui/states.js';
import { usePeople } from '../../resources/use-people.js';
import { useUrlFields } from '../../resources/use-url-fields.js';
import { useRights } from '../../session/use-rights.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { permissionsQuery } from './permissions-query.js';

type Question = paths['/v1/permissions/explain']['post']['requestBody']['content']['application/json'];
type Answer = paths['/v1/permissions/explain']['post']['responses'][200]['content']['application/json'];
type PrincipalKind = Question['principal']['kind'];

const kinds = [
  { value: 'user', label: 'A person' },
  { value: 'api_key', label: 'An API key' },
  { value: 'automation', label: 'An automation' },
] as const;

const gateNames: Readonly<Record<Answer['gates'][number]['gate'], string>> = {
  key: 'Key',
  network: 'Network',
  membership: 'Membership',
  organization: 'Organization',
  second_factor: 'Second factor',
  grant: 'Grant of the automation',
  module: 'Module',
  person: 'In person',
  super_user: 'Super-user',
  support: 'Support',
  role: 'Role',
  scopes: 'Scopes',
  recent_sign_in: 'Recent proof',
  approval: 'Approval',
  object: 'The object',
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Why somebody may or may not do something: every gate with its answer. The question is in the address. */
export function ExplainScreen() {
  const [fields, change] = useUrlFields();
  const kind = kinds.find(({ value }) => value === fields.kind)?.value ?? 'user';
  const question = questionOf(kind, fields);
  return (
    <SettingsScreen
      title="Why may somebody?"
      lead="Choose who, what, and if you like on which object. Each gate that a call has to pass tells what it says now."
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Who">
          {(control) => (
            <Select
              {...control}
              value={kind}
              onChange={({ target }) => change({ kind: target.value, principal: undefined })}
            >
              {kinds.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <PrincipalField
          kind={kind}
          chosen={fields.principal}
          onChoose={(principal) => change({ principal })}
        />
        <div className="sm:col-span-2">
          <ActionField
            chosen={fields.action ?? fields.permission}
            onChoose={(text) =>
              change(
                text.includes(':')
                  ? { permission: text, action: undefined }
                  : { action: text, permission: undefined },
              )
            }
          />
        </div>
        <ObjectFields fields={fields} onChange={change} />
      </div>
      {question && <Explanation question={question} />}
    </SettingsScreen>
  );
}

function questionOf(
  kind: PrincipalKind,
  { principal, action, permission, resource, object }: Readonly<Record<string, string | undefined>>,
): Question | undefined {
  if (principal === undefined || !uuid.test(principal)) return undefined;
  const asked = action !== undefined ? { action } : permission !== undefined ? { permission } : undefined;
  if (!asked) return undefined;
  const hasObject = resource !== undefined && object !== undefined && uuid.test(object);
  return {
    principal: { kind, id: principal },
    ...asked,
    ...(hasObject && { object: { resource, id: object } }),
  };
}

interface ChoiceProps {
  kind: PrincipalKind;
  chosen: string | undefined;
  onChoose(id: string | undefined): void;
}

function PrincipalField({ kind, chosen, onChoose }: ChoiceProps) {
  const choices = usePrincipals(kind);
  return (
    <Field label={kinds.find(({ value }) => value === kind)?.label.replace(/^An? /, 'Which ') ?? 'Which'}>
      {(control) => (
        <Select
          {...control}
          value={chosen ?? ''}
          onChange={({ target }) => onChoose(target.value || undefined)}
        >
          <option value="">Choose …</option>
          {chosen !== undefined && !choices.some(({ id }) => id === chosen) && (
            <option value={chosen}>{chosen}</option>
          )}
          {choices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function usePrincipals(kind: PrincipalKind): readonly { id: string; name: string }[] {
  const people = usePeople();
  const { may } = useRights();
  const keys = useQuery({
    queryKey: ['key-choices'],
    queryFn: () => result(api.GET('/v1/api-keys', { params: { query: { limit: 100 } } })),
    enabled: kind === 'api_key' && may('api_keys:read'),
  });
  const automations = useQuery({
    queryKey: ['automation-choices'],
    queryFn: () => result(api.GET('/v1/automations', { params: { query: { limit: 100 } } })),
    enabled: kind === 'automation' && may('automations:read'),
  });
  if (kind === 'user') return people;
  return (kind === 'api_key' ? keys.data?.items : automations.data?.items) ?? [];
}

function ActionField({ chosen, onChoose }: { chosen: string | undefined; onChoose(text: string): void }) {
  const id = useId();
  const { may } = useRights();
  const { data } = useQuery({ ...permissionsQuery, enabled: may('permissions:read') });
  const permissions = data?.items.flatMap((group) => group.permissions) ?? [];
  const actions = [
    ...new Map(
      permissions.flatMap((permission) => permission.actions).map((one) => [one.name, one]),
    ).values(),
  ];
  return (
    <Field label="What" hint="An action such as tasks.create, or a permission such as tasks:create">
      {(control) => (
        <>
          <Input
            {...control}
            key={chosen}
            list={id}
            defaultValue={chosen ?? ''}
            autoComplete="off"
            onBlur={({ target }) => onChoose(target.value.trim())}
            onKeyDown={(event) => event.key === 'Enter' && onChoose(event.currentTarget.value.trim())}
          />
          <datalist id={id}>
            {actions.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
            {permissions.map(({ permission, title }) => (
              <option key={permission} value={permission}>
                {title}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function ObjectFields({
  fields,
  onChange,
}: {
  fields: Readonly<Record<string, string | undefined>>;
  onChange(changes: Readonly<Record<string, string | undefined>>): void;
}) {
  return (
    <>
      <Field label="Kind of object" hint="May be left out">
        {(control) => (
          <Select
            {...control}
            value={fields.resource ?? ''}
            onChange={({ target }) => onChange({ resource: target.value })}
          >
            <option value="">None</option>
            {['projects', 'tasks', 'automations', 'runs', 'connections'].map((resource) => (
              <option key={resource} value={resource}>
                {resource}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Its id" hint="The last part of its address">
        {(control) => (
          <Input
            {...control}
            defaultValue={fields.object ?? ''}
            disabled={fields.resource === undefined}
            onChange={({ target }) => onChange({ object: target.value.trim() })}
          />
        )}
      </Field>
    </>
  );
}

function Explanation({ question }: { question: Question }) {
  const { data, error } = useQuery({
    queryKey: ['explanation', question],
    queryFn: () => result(api.POST('/v1/permissions/explain', { body: question })),
    retry: false,
    staleTime: 0,
    meta: { topics: ['member', 'role', 'api_key'] },
  });
  if (error) {
    return (
      <p role="alert" className="text-danger">
        {messageOf(error)}
      </p>
    );
  }
  if (!data) return <SkeletonRows count={5} />;
  return (
    <SettingsSection
      title={data.isAllowed ? 'Allowed' : 'Refused'}
      text={
        data.refusedBy === null
          ? `Every gate lets it pass. It asks for ${data.permission}.`
          : `The first gate that refuses: ${gateNames[data.refusedBy]}. It asks for ${data.permission}.`
      }
    >
      <ol>
        {data.gates.map(({ gate, isPassed, text }) => (
          <li key={gate} className="flex items-start gap-3 border-line border-b py-2.5 last:border-b-0">
            {isPassed ? (
              <Check aria-label="passes" className="mt-0.5 size-4 shrink-0 text-success" />
            ) : (
              <X aria-label="refuses" className="mt-0.5 size-4 shrink-0 text-danger" />
            )}
            <div className="min-w-0">
              <p className="font-medium">{gateNames[gate]}</p>
              <p className="break-words text-soft">{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </SettingsSection>
  );
}
