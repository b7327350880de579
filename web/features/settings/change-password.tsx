import { toast } from 'sonner';
import { result, secretApi } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';

/** Sets another password. `run` asks for a proof where one is needed. */
export function ChangePassword({ run }: { run(work: () => Promise<void>): Promise<void> }) {
  const form = useApiForm({ defaultValues: { password: '' } });
  const submit = form.sendBy((body) =>
    run(async () => {
      await result(secretApi.POST('/v1/me/password', { body }));
      form.reset();
      toast('Your password was changed');
    }),
  );
  return (
    <form onSubmit={submit} className="grid gap-4 py-3 sm:grid-cols-2" noValidate>
      <div className="empty:hidden sm:col-span-2">
        <ProblemNote error={form.problem} />
      </div>
      <Field label="New password" error={form.errorOf('password')}>
        {(control) => (
          <Input {...control} {...form.register('password')} type="password" autoComplete="new-password" />
        )}
      </Field>
      <div className="flex items-end">
        <Button type="submit" disabled={form.formState.isSubmitting}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
