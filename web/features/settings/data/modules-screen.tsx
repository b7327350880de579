import { useSuspenseQuery } from '@tanstack/react-query';
import { api, result } from '../../../api/client.js';
import { flagsQuery } from '../../../api/queries.js';
import type { paths } from '../../../client/schema.js';
import { Switch } from '../../../components/ui/switch.js';
import { useRights } from '../../session/use-rights.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { useSettingsChange } from '../use-settings-change.js';

type Flags = paths['/v1/flags']['get']['responses'][200]['content']['application/json'];
type Flag = Flags['items'][number];

const kinds = [
  {
    kind: 'module',
    title: 'Modules',
    text: 'Parts of the product. What is off is gone from menus and the API; its data stays.',
  },
  { kind: 'feature', title: 'Features', text: 'Single abilities.' },
] as const;

/** What is switched on in the organization. */
export function ModulesScreen() {
  const { data } = useSuspenseQuery(flagsQuery);
  const { may } = useRights();
  const change = useSettingsChange<Flags, { name: Flag['name']; isOn: boolean }>(flagsQuery.queryKey, {
    send: ({ name, isOn }) =>
      result(api.PUT('/v1/flags/{name}', { params: { path: { name } }, body: { isOn } })),
    apply: (flags, { name, isOn }) => ({
      ...flags,
      items: flags.items.map((flag) => (flag.name === name ? { ...flag, isOn } : flag)),
    }),
  });
  return (
    <SettingsScreen title="Modules" lead={`The organization has the plan ${data.plan}.`}>
      {kinds.map(({ kind, title, text }) => (
        <SettingsSection key={kind} title={title} text={text}>
          {data.items
            .filter((flag) => flag.kind === kind)
            .map((flag) => (
              <SettingsLine
                key={flag.name}
                title={flag.title}
                textId={`flag-${flag.name}`}
                text={
                  <>
                    {flag.description}
                    {!flag.isInPlan && <span className="block text-warning">Not part of the plan.</span>}
                  </>
                }
                action={
                  <Switch
                    label={flag.title}
                    describedBy={`flag-${flag.name}`}
                    isOn={flag.isOn}
                    isDisabled={!may('organization:update') || !flag.isInPlan}
                    onSwitch={(isOn) => change.mutate({ name: flag.name, isOn })}
                  />
                }
              />
            ))}
        </SettingsSection>
      ))}
    </SettingsScreen>
  );
}
