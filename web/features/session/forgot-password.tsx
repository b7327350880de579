import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage, textLink } from './public-page.js';
import { useApiForm } from './use-api-form.js';

/** Asks for a mail by which a new password can be set. */
export function ForgotPassword() {
  const [sentTo, setSentTo] = useState<string>();
  const form = useApiForm({ defaultValues: { email: '' } });
  const submit = form.sendBy(async (body) => {
    await result(api.POST('/v1/password-reset', { body }));
    setSentTo(body.email);
  });
  const back = (
    <Link to="/log-in" className={textLink}>
      Back to log in
    </Link>
  );
  if (sentTo !== undefined) {
    return (
      <PublicPage
        title="Look into your mail"
        lead={`If ${sentTo} has an account, a link is on its way. It is good for 30 minutes.`}
        below={back}
      />
    );
  }
  return (
    <PublicPage title="Set a new password" lead="We mail you a link by which you set it." below={back}>
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Email" error={form.errorOf('email')}>
          {(control) => (
            <Input {...control} {...form.register('email')} type="email" autoComplete="username" autoFocus />
          )}
        </Field>
        <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
          Mail me a link
        </Button>
      </form>
    </PublicPage>
  );
}
