import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Field, Input } from '../../../components/ui/field.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useRights } from '../../session/use-rights.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { DeletionSection } from './deletion-section.js';
import { LogoSection } from './logo-section.js';
import { OwnershipSection } from './ownership-section.js';
import { organizationQuery } from './settings-query.js';
import { WorkingHoursSection } from './working-hours-section.js';

/** What the organization is called, where it is, and when it works. */
export function GeneralScreen() {
  const { data } = useSuspenseQuery(organizationQuery);
  const { may } = useRights();
  const isReadOnly = !may('organization:update');
  return (
    <SettingsScreen title="General">
      {data.eraseAt !== null && <DeletionSection settings={data} />}
      <IdentitySection isReadOnly={isReadOnly} />
      <LogoSection hasLogo={data.hasLogo} isReadOnly={isReadOnly} />
      <WorkingHoursSection isReadOnly={isReadOnly} />
      {may('organization:transfer') && <OwnershipSection />}
      {may('organization:delete') && data.eraseAt === null && <DeletionSection settings={data} />}
    </SettingsScreen>
  );
}

function IdentitySection({ isReadOnly }: { isReadOnly: boolean }) {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(organizationQuery);
  const { name, slug, timeZone, locale, currency } = data;
  const form = useApiForm({ values: { name, slug, timeZone, locale, currency } });
  const submit = form.sendBy(async (body) => {
    const saved = await result(api.PATCH('/v1/organization/settings', { body }));
    client.setQueryData(organizationQuery.queryKey, saved);
    await client.invalidateQueries({ queryKey: ['me'] });
    toast('Saved');
  });
  return (
    <SettingsSection
      title="Name and region"
      text="How the organization is called, and in which zone its days begin."
    >
      <form onSubmit={submit} noValidate>
        <fieldset disabled={isReadOnly} className="grid gap-4 py-3 sm:grid-cols-2">
          <div className="empty:hidden sm:col-span-2">
            <ProblemNote error={form.problem} />
          </div>
          <Field label="Name" error={form.errorOf('name')}>
            {(control) => <Input {...control} {...form.register('name')} autoComplete="off" />}
          </Field>
          <Field label="Address" hint="Unique; in links and mails" error={form.errorOf('slug')}>
            {(control) => <Input {...control} {...form.register('slug')} autoComplete="off" />}
          </Field>
          <Field label="Time zone" error={form.errorOf('timeZone')}>
            {(control) => <Input {...control} {...form.register('timeZone')} list="time-zones" />}
          </Field>
          <Field label="Language" hint="Such as de-AT" error={form.errorOf('locale')}>
            {(control) => <Input {...control} {...form.register('locale')} />}
          </Field>
          <Field label="Currency" error={form.errorOf('currency')}>
            {(control) => <Input {...control} {...form.register('currency')} list="currencies" />}
          </Field>
          <Choices id="time-zones" values={Intl.supportedValuesOf('timeZone')} />
          <Choices id="currencies" values={Intl.supportedValuesOf('currency')} />
          {!isReadOnly && (
            <div className="flex items-end justify-end">
              <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
                Save
              </Button>
            </div>
          )}
        </fieldset>
      </form>
    </SettingsSection>
  );
}

function Choices({ id, values }: { id: string; values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}
