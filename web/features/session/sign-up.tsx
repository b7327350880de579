import { Link, useNavigate } from '@tanstack/react-router';
import { api, result } from '../../api/client.js';
import { openSession } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage, textLink } from './public-page.js';
import { useApiForm } from './use-api-form.js';

/** Makes an organization, and its owner. */
export function SignUp() {
  const navigate = useNavigate();
  const form = useApiForm({
    defaultValues: { organization: { name: '' }, name: '', email: '', password: '' },
  });
  const submit = form.sendBy(async (body) => {
    openSession(await result(api.POST('/v1/sign-up', { body })));
    await navigate({ to: '/' });
  });
  return (
    <PublicPage
      title="Make an organization"
      lead="You become its owner, and can invite others."
      below={
        <>
          Have an account?{' '}
          <Link to="/log-in" className={textLink}>
            Log in
          </Link>
        </>
      }
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Organization" error={form.errorOf('organization.name')}>
          {(control) => (
            <Input
              {...control}
              {...form.register('organization.name')}
              autoComplete="organization"
              autoFocus
              placeholder="Acme"
            />
          )}
        </Field>
        <Field label="Your name" error={form.errorOf('name')}>
          {(control) => <Input {...control} {...form.register('name')} autoComplete="name" />}
        </Field>
        <Field label="Email" error={form.errorOf('email')}>
          {(control) => (
            <Input {...control} {...form.register('email')} type="email" autoComplete="username" />
          )}
        </Field>
        <Field label="Password" error={form.errorOf('password')} hint="At least ten characters">
          {(control) => (
            <Input {...control} {...form.register('password')} type="password" autoComplete="new-password" />
          )}
        </Field>
        <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
          Begin
        </Button>
      </form>
    </PublicPage>
  );
}
