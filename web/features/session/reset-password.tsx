import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, result } from '../../api/client.js';
import { forgetSession } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage, textLink } from './public-page.js';
import { useApiForm } from './use-api-form.js';

/** Behind the mailed link: sets a new password. */
export function ResetPassword() {
  const { token } = useParams({ from: '/account/reset-password/$token' });
  const [isDone, setDone] = useState(false);
  const form = useApiForm({ defaultValues: { password: '' } });
  const submit = form.sendBy(async ({ password }) => {
    await result(api.POST('/v1/password-reset/confirm', { body: { token, password } }));
    forgetSession();
    setDone(true);
  });
  if (isDone) {
    return (
      <PublicPage title="Your password was set" lead="All sessions have ended. Log in with the new one.">
        <Button asChild look="primary" size="large">
          <Link to="/log-in">Log in</Link>
        </Button>
      </PublicPage>
    );
  }
  return (
    <PublicPage
      title="Set a new password"
      lead="All of your sessions end."
      below={
        <Link to="/forgot-password" className={textLink}>
          Ask for another link
        </Link>
      }
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="New password" error={form.errorOf('password')} hint="At least ten characters">
          {(control) => (
            <Input
              {...control}
              {...form.register('password')}
              type="password"
              autoComplete="new-password"
              autoFocus
            />
          )}
        </Field>
        <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
          Set the password
        </Button>
      </form>
    </PublicPage>
  );
}
