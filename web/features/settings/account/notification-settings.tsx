import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, result } from '../../../api/client.js';
import { Switch } from '../../../components/ui/switch.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { useSettingsChange } from '../use-settings-change.js';

const preferencesQuery = queryOptions({
  queryKey: ['notification-preferences'],
  queryFn: () => result(api.GET('/v1/notifications/preferences')),
});

type Preferences = Awaited<ReturnType<NonNullable<typeof preferencesQuery.queryFn>>>;

const ways = [
  { way: 'app', title: 'In the app' },
  { way: 'mail', title: 'By mail' },
] as const;

/** Of what the person is told here, and how. */
export function NotificationSettings() {
  const { data } = useSuspenseQuery(preferencesQuery);
  const change = useSettingsChange<Preferences, { kind: string; app: boolean; mail: boolean }>(
    preferencesQuery.queryKey,
    {
      send: ({ kind, ...body }) =>
        result(api.PUT('/v1/notifications/preferences/{kind}', { params: { path: { kind } }, body })),
      apply: ({ items }, input) => ({
        items: items.map((item) => (item.kind === input.kind ? { ...item, ...input } : item)),
      }),
    },
  );
  return (
    <SettingsScreen title="Notifications">
      <SettingsSection
        title="What you are told of"
        text="In this organization. Mails about the safety of your account always come."
      >
        {data.items.map(({ kind, title, description, app, mail }) => (
          <SettingsLine
            key={kind}
            title={title}
            text={description}
            action={ways.map((way) => (
              <span key={way.way} className="flex items-center gap-2 text-mini text-soft">
                <span aria-hidden>{way.title}</span>
                <Switch
                  label={`${title}: ${way.title.toLowerCase()}`}
                  isOn={way.way === 'app' ? app : mail}
                  onSwitch={(isOn) => change.mutate({ kind, app, mail, [way.way]: isOn })}
                />
              </span>
            ))}
          />
        ))}
      </SettingsSection>
    </SettingsScreen>
  );
}
