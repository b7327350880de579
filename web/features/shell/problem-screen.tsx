import { Link } from '@tanstack/react-router';
import { CloudOff, Compass, Lock, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { messageOf, toApiError } from '../../api/api-error.js';
import { Button } from '../../components/ui/button.js';
import { EmptyState } from '../../components/ui/states.js';
import { useRights } from '../session/use-rights.js';
import { useSession } from '../session/use-session.js';
import { PageHeader } from './page-header.js';

/** In place of a screen that can't be shown: why, and what to do. */
export function ProblemScreen({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const { code } = toApiError(error);
  if (code === 'not_found' || code === 'module_off') return <NotFoundScreen />;
  if (code === 'forbidden') return <ForbiddenScreen />;
  const isOffline = code === 'offline';
  return (
    <Message
      icon={isOffline ? CloudOff : TriangleAlert}
      title={isOffline ? 'No connection' : 'This did not work'}
      text={messageOf(error)}
      {...(retry && { retry })}
    />
  );
}

export function NotFoundScreen() {
  return (
    <Message
      icon={Compass}
      title="Nothing is here"
      text="It may have been deleted, or the address is wrong."
    />
  );
}

/** `permission`: what the screen asks for, where that is known; whoever may ask why is led there. */
export function ForbiddenScreen({ permission }: { permission?: string | undefined }) {
  return (
    <Message
      icon={Lock}
      title="You may not see this"
      text="Your role has no right to it. Whoever administers your organization can give you one."
      more={permission !== undefined && <WhyNot permission={permission} />}
    />
  );
}

/** Leads to the question why, as it can be asked of the person; who may not ask it can pass its address on. */
function WhyNot({ permission }: { permission: string }) {
  const session = useSession();
  const { may } = useRights();
  const search = { principal: session?.user.id, permission };
  if (may('permissions:explain')) {
    return (
      <Button asChild>
        <Link to="/settings/permissions" search={search}>
          Why not?
        </Link>
      </Button>
    );
  }
  const copy = async () => {
    const fields = new URLSearchParams({ principal: session?.user.id ?? '', permission });
    await navigator.clipboard.writeText(`${location.origin}/settings/permissions?${fields}`);
    toast('Copied. Send it to whoever administers your organization.');
  };
  return <Button onClick={() => void copy()}>Copy a link to ask for it</Button>;
}

function Message({
  icon,
  title,
  text,
  retry,
  more,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  retry?: () => unknown;
  more?: ReactNode;
}) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        icon={icon}
        title={title}
        action={
          <>
            {retry && (
              <Button look="primary" onClick={retry}>
                Try again
              </Button>
            )}
            {more}
            <Button asChild>
              <Link to="/">Back to the start</Link>
            </Button>
          </>
        }
      >
        {text}
      </EmptyState>
    </>
  );
}
