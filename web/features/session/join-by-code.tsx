import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { result, secretApi } from '../../api/client.js';
import { openSession } from '../../api/session.js';
import type { paths } from '../../client/schema.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage, textLink } from './public-page.js';
import { useApiForm } from './use-api-form.js';

type Shown = paths['/v1/invites/show']['post']['responses'][200]['content']['application/json'];

/** For a newcomer with a code: first where it leads, then who they are. */
export function JoinByCode() {
  const navigate = useNavigate();
  const [shown, setShown] = useState<Shown>();
  const [joined, setJoined] = useState<string>();
  const form = useApiForm({ defaultValues: { code: '', name: '', email: '', password: '' } });
  const submit = form.sendBy(async ({ code, ...person }) => {
    if (!shown) {
      setShown(await result(secretApi.POST('/v1/invites/show', { body: { code: code.trim() } })));
      return;
    }
    const body = { code: code.trim(), ...person };
    const { session, organization } = await result(secretApi.POST('/v1/invites/accept', { body }));
    if (!session) return setJoined(organization.name);
    openSession(session);
    await navigate({ to: '/' });
  });
  if (joined !== undefined) {
    return (
      <PublicPage title={`You have joined ${joined}`} lead="Log in to your account to go there.">
        <Button asChild look="primary" size="large">
          <Link to="/log-in">Log in</Link>
        </Button>
      </PublicPage>
    );
  }
  return (
    <PublicPage
      title={shown ? `Join ${shown.organization.name}` : 'Join with a code'}
      lead={
        shown
          ? `As ${shown.role.name}. Make the account that you will sign in with.`
          : 'Somebody of the organization has given you one.'
      }
      below={
        <>
          Have an account?{' '}
          <Link to="/log-in" search={{ next: '/settings/join' }} className={textLink}>
            Log in and join there
          </Link>
        </>
      }
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Code" error={form.errorOf('code')}>
          {(control) => (
            <Input
              {...control}
              {...form.register('code', { onChange: () => setShown(undefined) })}
              autoComplete="off"
              autoFocus
            />
          )}
        </Field>
        {shown && (
          <>
            <Field label="Your name" error={form.errorOf('name')}>
              {(control) => <Input {...control} {...form.register('name')} autoComplete="name" autoFocus />}
            </Field>
            <Field label="Email" error={form.errorOf('email')}>
              {(control) => (
                <Input {...control} {...form.register('email')} type="email" autoComplete="username" />
              )}
            </Field>
            <Field label="Choose a password" error={form.errorOf('password')} hint="At least ten characters">
              {(control) => (
                <Input
                  {...control}
                  {...form.register('password')}
                  type="password"
                  autoComplete="new-password"
                />
              )}
            </Field>
          </>
        )}
        <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
          {shown ? 'Join' : 'Continue'}
        </Button>
      </form>
    </PublicPage>
  );
}
