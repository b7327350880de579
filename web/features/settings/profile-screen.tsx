import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { meQuery } from '../../api/queries.js';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { type Theme, useTheme } from '../shell/theme.js';
import { useConfirmed } from './confirm-it-is-me.js';
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
  return (
    <SettingsScreen title="Profile">
      <SettingsSection title="You" text="How others see you, in all of your organizations.">
        <NameForm name={data.user.name} />
        <dl className="divide-y divide-line border-line border-t">
          <Fact name="Organization">{data.organization.name}</Fact>
          <Fact name="Role">{data.role.name}</Fact>
        </dl>
      </SettingsSection>
      <EmailSection email={data.user.email} />
      <ThemeSection />
    </SettingsScreen>
  );
}

function NameForm({ name }: { name: string }) {
  const client = useQueryClient();
  const form = useApiForm({ values: { name } });
  const submit = form.sendBy(async (body) => {
    await result(api.PATCH('/v1/me', { body }));
    await Promise.all([
      client.invalidateQueries({ queryKey: meQuery.queryKey }),
      client.invalidateQueries({ queryKey: ['people'] }),
    ]);
    toast('Saved');
  });
  return (
    <form onSubmit={submit} className="flex items-start gap-2 py-3" noValidate>
      <div className="flex-1">
        <Field label="Name" error={form.errorOf('name')}>
          {(control) => <Input {...control} {...form.register('name')} autoComplete="name" />}
        </Field>
        <ProblemNote error={form.problem} />
      </div>
      <Button type="submit" className="mt-6.5 h-9" disabled={form.formState.isSubmitting}>
        Save
      </Button>
    </form>
  );
}

/** The address: to be confirmed, and to be exchanged for another one, which proves itself by a mail. */
function EmailSection({ email }: { email: string }) {
  const confirmed = useConfirmed();
  const verify = useMutation({
    mutationFn: () => result(api.POST('/v1/me/email/send-verification')),
    onSuccess: () => toast('If the address is not confirmed yet, a mail is on its way'),
    onError: (error) => toast.error(messageOf(error)),
  });
  const form = useApiForm({ defaultValues: { email: '' } });
  const submit = form.sendBy((body) =>
    confirmed.run(async () => {
      await result(api.POST('/v1/me/email', { body }));
      form.reset();
      toast(`Follow the link in the mail to ${body.email}`);
    }),
  );
  return (
    <SettingsSection
      title="Email"
      text="By which you sign in. Another one counts once its link was followed."
    >
      <dl>
        <Fact name="At present">
          <span>{email}</span>
          <Button size="small" onClick={() => verify.mutate()} disabled={verify.isPending}>
            Confirm it
          </Button>
        </Fact>
      </dl>
      <form onSubmit={submit} className="flex items-start gap-2 border-line border-t py-3" noValidate>
        <div className="flex-1">
          <Field label="New address" error={form.errorOf('email')}>
            {(control) => <Input {...control} {...form.register('email')} type="email" autoComplete="off" />}
          </Field>
          <ProblemNote error={form.problem} />
        </div>
        <Button type="submit" className="mt-6.5 h-9" disabled={form.formState.isSubmitting}>
          Change it
        </Button>
      </form>
      {confirmed.dialog}
    </SettingsSection>
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
      <dd className="flex min-w-0 flex-wrap items-center gap-2 break-all">{children}</dd>
    </div>
  );
}
