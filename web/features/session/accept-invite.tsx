import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, result } from '../../api/client.js';
import { openSession } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { Skeleton } from '../../components/ui/states.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage } from './public-page.js';
import { useApiForm } from './use-api-form.js';

/** Behind the link of a mailed invite: who has no account makes one here, who has one only says yes. */
export function AcceptInvite() {
  const { token } = useParams({ from: '/invites/$token' });
  const navigate = useNavigate();
  const [joined, setJoined] = useState<string>();
  const invite = useQuery({
    queryKey: ['invite', token],
    queryFn: () => result(api.POST('/v1/invites/show', { body: { token } })),
    retry: false,
  });
  const form = useApiForm({ defaultValues: { name: '', password: '' } });
  const submit = form.sendBy(async ({ name, password }) => {
    const body = { token, ...(name && { name }), ...(password && { password }) };
    const { session, organization } = await result(api.POST('/v1/invites/accept', { body }));
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
  if (!invite.data) {
    return (
      <PublicPage title="Your invite">
        {invite.isPending ? <Skeleton className="h-40" /> : <ProblemNote error={invite.error} />}
      </PublicPage>
    );
  }
  const { organization, role, email } = invite.data;
  return (
    <PublicPage
      title={`Join ${organization.name}`}
      lead={`As ${role.name}${email === null ? '' : `, with ${email}`}. If this address has an account, leave both empty.`}
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Your name" error={form.errorOf('name')}>
          {(control) => <Input {...control} {...form.register('name')} autoComplete="name" autoFocus />}
        </Field>
        <Field label="Choose a password" error={form.errorOf('password')} hint="At least ten characters">
          {(control) => (
            <Input {...control} {...form.register('password')} type="password" autoComplete="new-password" />
          )}
        </Field>
        <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
          Join
        </Button>
      </form>
    </PublicPage>
  );
}
