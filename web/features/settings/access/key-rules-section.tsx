import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { api, result } from '../../../api/client.js';
import { Select } from '../../../components/ui/field.js';
import { useRights } from '../../session/use-rights.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsSection } from '../settings-section.js';
import { useSettingsChange } from '../use-settings-change.js';

const keyRulesQuery = queryOptions({
  queryKey: ['api-key-rules'],
  queryFn: () => result(api.GET('/v1/api-keys/rules')),
});

type KeyRules = Awaited<ReturnType<NonNullable<typeof keyRulesQuery.queryFn>>>;

const offered = [30, 90, 180, 365] as const;

/** How long API keys may live. */
export function KeyRulesSection() {
  const { data } = useSuspenseQuery(keyRulesQuery);
  const { may } = useRights();
  const change = useSettingsChange<KeyRules, number | null>(keyRulesQuery.queryKey, {
    send: async (maxDays) => {
      await result(api.PATCH('/v1/api-keys/rules', { body: { maxDays } }));
      toast('Saved');
    },
    apply: (rules, maxDays) => ({ ...rules, maxDays }),
  });
  const days =
    data.maxDays === null ? offered : [...new Set([...offered, data.maxDays])].sort((a, b) => a - b);
  return (
    <SettingsSection title="API keys">
      <SettingsLine
        title="Longest life of a key"
        text="New keys end by then. Those that are there stay as they are."
        action={
          <Select
            aria-label="Longest life of a key"
            className="w-40"
            disabled={!may('organization:update')}
            value={data.maxDays ?? ''}
            onChange={({ target }) => change.mutate(target.value === '' ? null : Number(target.value))}
          >
            <option value="">No limit</option>
            {days.map((count) => (
              <option key={count} value={count}>
                {count} days
              </option>
            ))}
          </Select>
        }
      />
    </SettingsSection>
  );
}
