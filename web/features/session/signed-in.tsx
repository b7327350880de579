import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { renewSession } from '../../api/session.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage } from './public-page.js';
import { SecondFactor } from './second-factor.js';
import { demandInHash } from './sign-in-answer.js';

/** Where the way through an identity provider ends: there is a cookie by now, or more is asked for. */
export function SignedIn() {
  const { next } = useSearch({ from: '/signed-in' });
  const navigate = useNavigate();
  const [demand] = useState(() => demandInHash(location.hash));
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (demand) return;
    renewSession().then(() => navigate({ to: next ?? '/', replace: true }), setError);
  }, [demand, navigate, next]);
  const goOn = () => navigate({ to: next ?? '/', replace: true });
  if (demand)
    return <SecondFactor demand={demand} onDone={goOn} onBack={() => navigate({ to: '/log-in' })} />;
  return (
    <PublicPage title="Signing you in">
      <ProblemNote error={error} />
    </PublicPage>
  );
}
