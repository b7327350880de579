import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, result } from '../../api/client.js';
import { openSession } from '../../api/session.js';
import { Button } from '../../components/ui/button.js';
import { Skeleton } from '../../components/ui/states.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage } from './public-page.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpForm } from './totp-form.js';

/** For people of an organization that asks for a second factor: sets up an authenticator app, and lets in. */
export function EnrollSecondFactor({ challenge, onDone }: { challenge: string; onDone(): void }) {
  const [codes, setCodes] = useState<readonly string[]>();
  const setup = useQuery({
    queryKey: ['enrollment', challenge],
    queryFn: () => result(api.POST('/v1/log-in/enrollment', { body: { challenge } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (codes) {
    return (
      <PublicPage title="Keep these codes" lead="Each lets you in once when you have lost your phone.">
        <RecoveryCodes codes={codes} />
        <Button look="primary" size="large" onClick={onDone}>
          I have kept them
        </Button>
      </PublicPage>
    );
  }
  return (
    <PublicPage title="Set up a second factor" lead="Your organization asks for an authenticator app.">
      <ProblemNote error={setup.error} />
      {setup.isPending && <Skeleton className="h-64" />}
      {setup.data && (
        <TotpForm
          setup={setup.data}
          onCode={async (code) => {
            const body = { challenge, code };
            const answer = await result(api.POST('/v1/log-in/enrollment/confirm', { body }));
            setCodes(answer.recoveryCodes);
            openSession(answer);
          }}
        />
      )}
    </PublicPage>
  );
}
