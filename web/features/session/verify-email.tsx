import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { ProblemNote } from './problem-note.js';
import { PublicPage } from './public-page.js';

/** Behind the mailed link: asks for one click, for mail servers open links as well. */
export function VerifyEmail() {
  const { token } = useParams({ from: '/account/verify-email/$token' });
  const verify = useMutation({
    mutationFn: () => result(api.POST('/v1/verify-email', { body: { token } })),
  });
  if (verify.isSuccess) {
    return (
      <PublicPage title="Confirmed" lead={`${verify.data.email} is the address of your account.`}>
        <Button asChild look="primary" size="large">
          <Link to="/">Go on</Link>
        </Button>
      </PublicPage>
    );
  }
  return (
    <PublicPage title="Confirm your email address" lead="You have followed the link of a mail.">
      <ProblemNote error={verify.error} />
      <Button look="primary" size="large" onClick={() => verify.mutate()} disabled={verify.isPending}>
        Confirm
      </Button>
    </PublicPage>
  );
}
