import { Link } from '@tanstack/react-router';
import { CloudOff, Compass, Lock, type LucideIcon, TriangleAlert } from 'lucide-react';
import { messageOf, toApiError } from '../../api/api-error.js';
import { Button } from '../../components/ui/button.js';
import { EmptyState } from '../../components/ui/states.js';
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

export function ForbiddenScreen() {
  return (
    <Message
      icon={Lock}
      title="You may not see this"
      text="Your role has no right to it. Whoever administers your organization can give you one."
    />
  );
}

function Message({
  icon,
  title,
  text,
  retry,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  retry?: () => unknown;
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
