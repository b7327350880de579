import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { api, result } from '../../api/client.js';
import { openSession } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { EnrollSecondFactor } from './enroll-second-factor.js';
import { provePasskey } from './passkey-sign-in.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage, textLink } from './public-page.js';
import type { Demand } from './sign-in-answer.js';
import { useApiForm } from './use-api-form.js';

export interface SecondFactorProps {
  demand: Demand;
  onDone(): void;
  onBack(): void;
}

/** What is asked for beyond the first proof: a code, a recovery code or a passkey; or to set one up. */
export function SecondFactor({ demand, onDone, onBack }: SecondFactorProps) {
  if (demand.status === 'enroll_second_factor') {
    return <EnrollSecondFactor challenge={demand.challenge} onDone={onDone} />;
  }
  return <GiveSecondFactor demand={demand} onDone={onDone} onBack={onBack} />;
}

function GiveSecondFactor({
  demand: { challenge, methods },
  onDone,
  onBack,
}: {
  demand: Extract<Demand, { status: 'second_factor' }>;
  onDone(): void;
  onBack(): void;
}) {
  const [isRecovering, setRecovering] = useState(!methods.includes('totp'));
  const form = useApiForm<{ code: string; recoveryCode: string }>({
    defaultValues: { code: '', recoveryCode: '' },
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const body = { challenge, passkey: await provePasskey() };
      openSession(await result(api.POST('/v1/log-in/second-factor', { body })));
    },
    onSuccess: onDone,
  });
  const submit = form.sendBy(async ({ code, recoveryCode }) => {
    const given = isRecovering ? { recoveryCode: recoveryCode.trim() } : { code: code.replaceAll(' ', '') };
    openSession(await result(api.POST('/v1/log-in/second-factor', { body: { challenge, ...given } })));
    onDone();
  });
  return (
    <PublicPage
      title="One more step"
      lead={
        isRecovering
          ? 'Type one of the recovery codes that you kept.'
          : 'Type the code that your authenticator app shows.'
      }
      below={
        <button type="button" className={textLink} onClick={onBack}>
          Log in as somebody else
        </button>
      }
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <ProblemNote error={form.problem ?? passkey.error} />
        {isRecovering ? (
          <Field key="recovery" label="Recovery code" error={form.errorOf('recoveryCode')}>
            {(control) => (
              <Input {...control} {...form.register('recoveryCode')} autoComplete="off" autoFocus />
            )}
          </Field>
        ) : (
          <Field key="code" label="Code" error={form.errorOf('code')}>
            {(control) => (
              <Input
                {...control}
                {...form.register('code')}
                inputMode="numeric"
                autoComplete="one-time-code"
                autoFocus
              />
            )}
          </Field>
        )}
        <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
          Continue
        </Button>
      </form>
      {methods.includes('passkey') && (
        <Button onClick={() => passkey.mutate()} disabled={passkey.isPending}>
          <KeyRound aria-hidden />
          Use a passkey
        </Button>
      )}
      {methods.includes('recovery_code') && methods.includes('totp') && (
        <Button look="ghost" onClick={() => setRecovering(!isRecovering)}>
          {isRecovering ? 'Use the authenticator app' : 'Use a recovery code'}
        </Button>
      )}
    </PublicPage>
  );
}
