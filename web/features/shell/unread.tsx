import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';

/** How many notifications were not read; live. */
export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'unread'],
  queryFn: () => result(api.GET('/v1/notifications/unread')),
  meta: { topics: ['notification'] },
});

/** From here on nobody counts. */
const most = 99;

function useUnread(): number {
  return useQuery(unreadQuery).data?.unread ?? 0;
}

/** The number, where there is something to be read. */
export function UnreadBadge() {
  const unread = useUnread();
  if (unread === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-accent px-1.5 font-semibold text-[11px] text-on-accent leading-4.5">
      <span className="sr-only">, not read: </span>
      {unread > most ? `${most}+` : unread}
    </span>
  );
}

/** Leads to the notifications where the sidebar is out of sight. */
export function BellButton({ className }: { className?: string }) {
  const unread = useUnread();
  return (
    <Button asChild look="ghost" size="icon" className={className}>
      <Link
        to="/notifications"
        aria-label={unread === 0 ? 'Notifications' : `Notifications, ${unread} not read`}
      >
        <span className="relative">
          <Bell aria-hidden />
          {unread > 0 && <span className="absolute -top-0.5 -right-0.5 size-2 rounded-full bg-accent" />}
        </span>
      </Link>
    </Button>
  );
}
