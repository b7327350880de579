import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result, secretApi } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Field, Input } from '../../../components/ui/field.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

const joinableQuery = queryOptions({
  queryKey: ['joinable'],
  queryFn: () => result(api.GET('/v1/organizations/joinable')),
});

/** Ways into another organization: those that the person's address opens, and codes. */
export function JoinScreen() {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(joinableQuery);
  const welcome = async (name: string) => {
    await client.invalidateQueries({ queryKey: ['organizations'] });
    await client.invalidateQueries({ queryKey: joinableQuery.queryKey });
    toast(`You are a member of ${name}. Change to it by the menu at the top.`);
  };
  const join = useMutation({
    mutationFn: (organizationId: string) =>
      result(api.POST('/v1/organizations/{organizationId}/join', { params: { path: { organizationId } } })),
    onSuccess: ({ organization }) => welcome(organization.name),
    onError: (error) => toast.error(messageOf(error)),
  });
  const form = useApiForm({ defaultValues: { code: '' } });
  const submit = form.sendBy(async ({ code }) => {
    const { organization } = await result(
      secretApi.POST('/v1/invites/join', { body: { code: code.trim() } }),
    );
    form.reset();
    await welcome(organization.name);
  });
  return (
    <SettingsScreen title="Join an organization">
      <SettingsSection
        title="By your address"
        text="Organizations that let people of your domain in. Your address has to be confirmed."
      >
        {data.items.length === 0 && <p className="py-2.5 text-soft">There are none</p>}
        {data.items.map(({ id, name, slug }) => (
          <SettingsLine
            key={id}
            title={name}
            text={slug}
            action={
              <Button size="small" onClick={() => join.mutate(id)} disabled={join.isPending}>
                Join
              </Button>
            }
          />
        ))}
      </SettingsSection>
      <SettingsSection title="By a code" text="Somebody of the organization can give you one.">
        <form onSubmit={submit} className="grid gap-3 py-3" noValidate>
          <ProblemNote error={form.problem} />
          <div className="flex items-start gap-2">
            <div className="flex-1">
              <Field label="Code" error={form.errorOf('code')}>
                {(control) => <Input {...control} {...form.register('code')} autoComplete="off" />}
              </Field>
            </div>
            <Button type="submit" className="mt-6.5 h-9" disabled={form.formState.isSubmitting}>
              Join
            </Button>
          </div>
        </form>
      </SettingsSection>
    </SettingsScreen>
  );
}
