import { useQuery } from '@tanstack/react-query';
import { ListFilter, X } from 'lucide-react';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { type Choice, Picker } from '../../components/ui/picker.js';
import { useConnectors } from '../connections/connector.js';
import type { ListRequest } from '../resources/use-resource-list.js';
import type { UrlFields } from '../resources/use-url-fields.js';
import { beginOf, timeSpans } from '../runs/time-spans.js';
import { useRights } from '../session/use-rights.js';

const outcomes: readonly Choice<string>[] = [
  { value: 'started', label: 'Started runs' },
  { value: 'nothing', label: 'Matched nothing' },
  { value: 'waiting', label: 'Not looked at yet' },
];

/** Ways in that belong to no app. */
const ownProviders: readonly Choice<string>[] = [
  { value: 'webhook', label: 'Webhook' },
  { value: 'form', label: 'Form' },
  { value: 'email', label: 'Mail' },
  { value: 'schedule', label: 'Schedule' },
];

const names = ['provider', 'outcome', 'since', 'automationId'] as const;

/** What an address asks the API for. */
export function deliveryRequest(fields: UrlFields): ListRequest {
  const span = timeSpans.find(({ value }) => value === fields.since);
  return {
    provider: fields.provider,
    outcome: fields.outcome,
    automationId: fields.automationId,
    externalId: fields.q?.trim(),
    since: span && beginOf(span.ms),
  };
}

/** True if an address narrows the list. */
export function isNarrowed(fields: UrlFields): boolean {
  return [...names, 'q' as const].some((name) => fields[name]);
}

/** Narrows deliveries by where they came from, what became of them, when they came, and what they started. */
export function DeliveryFilters({
  fields,
  onChange,
}: {
  fields: UrlFields;
  onChange(changes: UrlFields): void;
}) {
  const connectors = useConnectors();
  const providers = [
    ...ownProviders,
    ...connectors
      .filter(({ hasWebhook }) => hasWebhook)
      .map(({ name, title }) => ({ value: name, label: title })),
  ];
  const choices: Readonly<Record<(typeof names)[number], readonly Choice<string>[]>> = {
    provider: providers,
    outcome: outcomes,
    since: timeSpans,
    automationId: useAutomationChoices(),
  };
  const labels = { provider: 'From', outcome: 'Outcome', since: 'Any time', automationId: 'Automation' };
  return (
    <>
      {names
        .filter((name) => choices[name].length > 0)
        .map((name) => {
          const chosen = choices[name].find(({ value }) => value === fields[name]);
          return (
            <Picker
              key={name}
              label={labels[name]}
              choices={choices[name]}
              chosen={chosen ? [chosen.value] : []}
              onChoose={(value) => onChange({ [name]: value === fields[name] ? undefined : value })}
              trigger={
                <Button size="small" look={chosen ? 'secondary' : 'ghost'}>
                  {!chosen && name !== 'since' && <ListFilter aria-hidden className="size-3.5" />}
                  {(name !== 'since' || !chosen) && labels[name]}
                  {chosen && <span className="max-w-40 truncate text-accent">{chosen.label}</span>}
                </Button>
              }
            />
          );
        })}
      {names.some((name) => fields[name]) && (
        <Button
          size="small"
          look="ghost"
          onClick={() => onChange(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          <X aria-hidden />
          Clear
        </Button>
      )}
    </>
  );
}

function useAutomationChoices(): readonly Choice<string>[] {
  const { may } = useRights();
  const { data } = useQuery({
    queryKey: ['automation-choices'],
    queryFn: ({ signal }) =>
      result(api.GET('/v1/automations', { params: { query: { limit: 200, sort: 'name' } }, signal })),
    enabled: may('automations:read'),
    meta: { topics: ['automation'] },
  });
  return data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
}
