import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { ConfirmByName } from '../../components/ui/confirm-by-name.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Input } from '../../components/ui/field.js';
import { PersonName } from '../resources/cell-value.js';
import { momentText } from '../resources/moments.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { useConfirmed } from '../settings/confirm-it-is-me.js';
import { SettingsLine } from '../settings/settings-line.js';
import { SettingsScreen } from '../settings/settings-screen.js';
import { SettingsSection } from '../settings/settings-section.js';

const superUsersQuery = queryOptions({
  queryKey: ['platform', 'super-users'],
  queryFn: () => result(api.GET('/v1/platform/super-users', { params: { query: { limit: 200 } } })),
});

/** The people who run the platform. */
export function SuperUsersScreen() {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(superUsersQuery);
  const confirmed = useConfirmed();
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<{ id: string; email: string }>();
  const readAnew = () => client.invalidateQueries({ queryKey: superUsersQuery.queryKey });
  const remove = (id: string) => {
    setLeaving(undefined);
    confirmed
      .run(async () => {
        await result(api.DELETE('/v1/platform/super-users/{id}', { params: { path: { id } } }));
        await readAnew();
      })
      .catch((error: unknown) => toast.error(messageOf(error)));
  };
  return (
    <SettingsScreen
      title="Super-users"
      actions={
        <Button size="small" look="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add a super-user
        </Button>
      }
    >
      <SettingsSection
        title="Who runs the platform"
        text="They sign in with a second factor, and see no business data."
      >
        {data.items.map(({ id, name, email, createdAt }) => (
          <SettingsLine
            key={id}
            title={<PersonName person={{ id, name, email }} />}
            text={`${email} · since ${momentText(createdAt)}`}
            action={
              <Button
                size="small"
                look="danger"
                aria-label={`Remove ${name}`}
                onClick={() => setLeaving({ id, email })}
              >
                Remove
              </Button>
            }
          />
        ))}
      </SettingsSection>
      <Dialog isOpen={isAdding} onOpenChange={setAdding} title="Add a super-user">
        <AddForm
          run={confirmed.run}
          onDone={async () => {
            await readAnew();
            setAdding(false);
          }}
        />
      </Dialog>
      {leaving && (
        <ConfirmByName
          title="Remove this super-user?"
          text="They lose session and visits at once. You can add them again."
          name={leaving.email}
          nameLabel="Their address"
          verb="Remove them"
          onConfirm={() => remove(leaving.id)}
          onClose={() => setLeaving(undefined)}
        />
      )}
      {confirmed.dialog}
    </SettingsScreen>
  );
}

function AddForm({
  run,
  onDone,
}: {
  run(work: () => Promise<void>): Promise<void>;
  onDone(): Promise<void>;
}) {
  const form = useApiForm({ defaultValues: { email: '', name: '' } });
  const submit = form.sendBy(({ email, name }) =>
    run(async () => {
      await result(api.POST('/v1/platform/super-users', { body: { email, ...(name && { name }) } }));
      toast(`${email} was told by mail`);
      await onDone();
    }),
  );
  return (
    <form onSubmit={submit} className="grid gap-4 p-5" noValidate>
      <ProblemNote error={form.problem} />
      <Field label="Email" error={form.errorOf('email')}>
        {(control) => <Input {...control} {...form.register('email')} type="email" autoFocus />}
      </Field>
      <Field label="Name" hint="For one who has no account yet" error={form.errorOf('name')}>
        {(control) => <Input {...control} {...form.register('name')} />}
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          Add
        </Button>
      </div>
    </form>
  );
}
