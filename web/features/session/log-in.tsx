import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Building2, KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, result } from '../../api/client.js';
import { mayBeSignedIn, renewSession } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { provePasskey } from './passkey-sign-in.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage, textLink } from './public-page.js';
import { SecondFactor } from './second-factor.js';
import { admit, type Demand, demandInHash } from './sign-in-answer.js';
import { useApiForm } from './use-api-form.js';

type Ways = Awaited<ReturnType<typeof discover>>;

const providerNames = { google: 'Google', microsoft: 'Microsoft', github: 'GitHub' } as const;

/** Logging in: first the address, then whatever ways its domain has. */
export function LogIn() {
  const { next } = useSearch({ from: '/log-in' });
  const navigate = useNavigate();
  const [demand, setDemand] = useState<Demand | undefined>(() => demandInHash(location.hash));
  const [ways, setWays] = useState<Ways>();
  const goOn = () => navigate({ to: next ?? '/', replace: true });
  const settle = (asked: Demand | undefined) => {
    if (asked) setDemand(asked);
    else void goOn();
  };

  useEffect(() => {
    // Whoever comes back from a provider has a cookie already.
    if (demand === undefined && mayBeSignedIn()) renewSession().then(goOn, () => {});
  });

  const form = useApiForm<{ email: string; password: string }>({
    defaultValues: { email: '', password: '' },
  });
  const passkey = useMutation({
    mutationFn: async () =>
      admit(await result(api.POST('/v1/log-in/passkey', { body: await provePasskey() }))),
    onSuccess: settle,
  });
  if (demand) return <SecondFactor demand={demand} onDone={goOn} onBack={() => setDemand(undefined)} />;

  const submit = form.sendBy(async ({ email, password }) => {
    if (!ways) return setWays(await discover(email));
    settle(admit(await result(api.POST('/v1/log-in', { body: { email, password } }))));
  });
  const isEnforced = ways?.connections.some((connection) => connection.isEnforced) ?? false;

  return (
    <PublicPage
      title="Log in"
      below={
        <>
          New here?{' '}
          <Link to="/sign-up" className={textLink}>
            Make an organization
          </Link>
        </>
      }
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem ?? passkey.error} />
        <Field label="Email" error={form.errorOf('email')}>
          {(control) => (
            <Input
              {...control}
              {...form.register('email', { onChange: () => setWays(undefined) })}
              type="email"
              autoComplete="username webauthn"
              autoFocus
              required
            />
          )}
        </Field>
        {ways?.connections.map(({ name, startUrl }) => (
          <Button key={startUrl} asChild size="large" look={isEnforced ? 'primary' : 'secondary'}>
            <a href={withReturn(startUrl, next)}>
              <Building2 aria-hidden />
              Continue with {name}
            </a>
          </Button>
        ))}
        {ways && !isEnforced && (
          <Field
            label="Password"
            error={form.errorOf('password')}
            aside={
              <Link to="/forgot-password" className={`${textLink} text-mini`}>
                Forgot it?
              </Link>
            }
          >
            {(control) => (
              <Input
                {...control}
                {...form.register('password')}
                type="password"
                autoComplete="current-password"
                autoFocus
              />
            )}
          </Field>
        )}
        {!isEnforced && (
          <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
            {ways ? 'Log in' : 'Continue'}
          </Button>
        )}
      </form>
      {ways && ways.providers.length > 0 && (
        <div className="grid gap-2">
          {ways.providers.map((provider) => (
            <Button key={provider} asChild size="large">
              <a href={withReturn(`/v1/sign-in/${provider}/start`, next)}>
                Continue with {providerNames[provider]}
              </a>
            </Button>
          ))}
        </div>
      )}
      <Button look="ghost" onClick={() => passkey.mutate()} disabled={passkey.isPending}>
        <KeyRound aria-hidden />
        Use a passkey
      </Button>
    </PublicPage>
  );
}

function discover(email: string) {
  return result(api.POST('/v1/sign-in/discover', { body: { email } }));
}

/** The provider's way ends at a page that takes the session over. */
function withReturn(startUrl: string, next: string | undefined): string {
  const landing = `/signed-in${next === undefined ? '' : `?${new URLSearchParams({ next })}`}`;
  return `${startUrl}?${new URLSearchParams({ returnTo: landing })}`;
}
