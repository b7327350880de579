import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { meQuery } from '../../api/queries.js';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { type Theme, useTheme } from '../shell/theme.js';
import { SettingsScreen } from './settings-screen.js';
import { SettingsSection } from './settings-section.js';

const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Who one is here, and how the app looks. */
export function ProfileScreen() {
  const { data } = useSuspenseQuery(meQuery);
  const verify = useMutation({
    mutationFn: () => result(api.POST('/v1/me/email/send-verification')),
    onSuccess: () => toast('If the address is not confirmed yet, a mail is on its way'),
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <SettingsScreen title="Profile">
      <SettingsSection title="You" text="How others in the organization see you.">
        <dl className="divide-y divide-line">
          <Fact name="Name">{data.user.name}</Fact>
          <Fact name="Email">
            {data.user.email}
            <Button size="small" onClick={() => verify.mutate()} disabled={verify.isPending}>
              Confirm it
            </Button>
          </Fact>
          <Fact name="Organization">{data.organization.name}</Fact>
          <Fact name="Role">{data.role.name}</Fact>
        </dl>
      </SettingsSection>
      <ThemeSection />
    </SettingsScreen>
  );
}

function ThemeSection() {
  const [theme, setTheme] = useTheme();
  return (
    <SettingsSection title="Look" text="In this browser.">
      <div role="radiogroup" aria-label="Theme" className="grid grid-cols-3 gap-2 py-3">
        {themes.map(({ value, label }) => (
          <label
            key={value}
            className={classNames(
              'flex h-10 items-center justify-center rounded-lg border text-center focus-within:outline-2 focus-within:outline-accent',
              theme === value
                ? 'border-accent bg-accent-soft font-medium'
                : 'border-line-strong hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={theme === value}
              onChange={() => setTheme(value)}
            />
            {label}
          </label>
        ))}
      </div>
    </SettingsSection>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center justify-between gap-3 py-1.5">
      <dt className="text-soft">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-3 break-all">{children}</dd>
    </div>
  );
}
