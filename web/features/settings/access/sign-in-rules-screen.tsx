import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Field, Input } from '../../../components/ui/field.js';
import { Switch } from '../../../components/ui/switch.js';
import { ProblemNote } from '../../session/problem-note.js';
import { textLink } from '../../session/public-page.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useRights } from '../../session/use-rights.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { KeyRulesSection } from './key-rules-section.js';

const rulesQuery = queryOptions({
  queryKey: ['sign-in-rules'],
  queryFn: () => result(api.GET('/v1/organization/sign-in-rules')),
});

/** How people sign in to the organization, and for how long. */
export function SignInRulesScreen() {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(rulesQuery);
  const { may } = useRights();
  const confirmed = useConfirmed();
  const isReadOnly = !may('organization:update');
  const save = (body: Partial<typeof data>) =>
    confirmed.run(async () => {
      client.setQueryData(
        rulesQuery.queryKey,
        await result(api.PATCH('/v1/organization/sign-in-rules', { body })),
      );
      toast('Saved');
    });
  return (
    <SettingsScreen title="Sign-in rules">
      <SettingsSection title="Second factor">
        <SettingsLine
          title="Everybody needs one"
          textId="needs-second-factor"
          text="It is asked for at the next log-in. Who has none sets up an authenticator app then."
          action={
            <Switch
              label="Everybody needs a second factor"
              describedBy="needs-second-factor"
              isOn={data.needsSecondFactor}
              isDisabled={isReadOnly}
              onSwitch={(needsSecondFactor) => {
                save({ needsSecondFactor }).catch((error: unknown) => toast.error(messageOf(error)));
              }}
            />
          }
        />
      </SettingsSection>
      <SessionLimits rules={data} isReadOnly={isReadOnly} onSave={save} />
      {may('api_keys:read') && <KeyRulesSection />}
      {may('sso_connections:read') && (
        <p className="text-soft">
          Where people have to sign in by your identity provider is said at{' '}
          <Link to="/settings/sso" className={textLink}>
            Single sign-on
          </Link>
          .
        </p>
      )}
      {confirmed.dialog}
    </SettingsScreen>
  );
}

interface Limits {
  idleMinutes: number;
  absoluteHours: number;
}

function SessionLimits({
  rules: { idleMinutes, absoluteHours },
  isReadOnly,
  onSave,
}: {
  rules: Limits;
  isReadOnly: boolean;
  onSave(limits: Limits): Promise<void>;
}) {
  const form = useApiForm({
    values: { idleMinutes: String(idleMinutes), absoluteHours: String(absoluteHours) },
  });
  const submit = form.sendBy((values) =>
    onSave({ idleMinutes: Number(values.idleMinutes), absoluteHours: Number(values.absoluteHours) }),
  );
  return (
    <SettingsSection title="Sessions" text="After that people prove anew who they are.">
      <form onSubmit={submit} noValidate>
        <fieldset disabled={isReadOnly} className="grid gap-4 py-3 sm:grid-cols-2">
          <div className="empty:hidden sm:col-span-2">
            <ProblemNote error={form.problem} />
          </div>
          <Field
            label="Minutes without use"
            hint={inDays(Number(form.watch('idleMinutes')) / 1_440)}
            error={form.errorOf('idleMinutes')}
          >
            {(control) => <Input {...control} {...form.register('idleMinutes')} type="number" min={1} />}
          </Field>
          <Field
            label="Hours in all"
            hint={inDays(Number(form.watch('absoluteHours')) / 24)}
            error={form.errorOf('absoluteHours')}
          >
            {(control) => <Input {...control} {...form.register('absoluteHours')} type="number" min={1} />}
          </Field>
          {!isReadOnly && (
            <div className="flex justify-end sm:col-span-2">
              <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
                Save the limits
              </Button>
            </div>
          )}
        </fieldset>
      </form>
    </SettingsSection>
  );
}

const days = new Intl.NumberFormat(undefined, {
  style: 'unit',
  unit: 'day',
  unitDisplay: 'long',
  maximumFractionDigits: 1,
});

function inDays(count: number): string | undefined {
  return Number.isFinite(count) && count >= 1 ? `That is ${days.format(count)}` : undefined;
}
