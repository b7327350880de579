import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  AlertTriangle,
  Bell,
  CheckCheck,
  CircleUser,
  type LucideIcon,
  Settings,
  Stamp,
  UserPlus,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Badge, EmptyState, SkeletonRows } from '../../components/ui/states.js';
import { Tabs } from '../../components/ui/tabs.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { walkRows } from '../resources/walk-rows.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';

type Page = paths['/v1/notifications']['get']['responses'][200]['content']['application/json'];
type Notification = Page['items'][number];

const rowHeight = 52;
const icons: Readonly<Record<string, LucideIcon>> = {
  task_assigned: CircleUser,
  approval_requested: Stamp,
  run_failed: AlertTriangle,
  invite_accepted: UserPlus,
};
const views = [
  { value: 'all', label: 'All' },
  { value: 'unread', label: 'Unread' },
] as const;

/** What concerns the person, newest first. Opening one marks it as read. */
export function NotificationsScreen() {
  const [fields, change] = useUrlFields();
  const isUnreadOnly = fields.view === 'unread';
  const list = useNotifications(isUnreadOnly);
  const mark = useMarking();
  const { items, isPending, error, refetch } = list;
  const newest = items[0]?.at;
  const hasUnread = items.some(({ readAt }) => readAt === null);
  if (error && items.length === 0) return <ProblemScreen error={error} retry={refetch} />;
  return (
    <>
      <PageHeader
        title="Notifications"
        actions={
          <>
            {hasUnread && newest !== undefined && (
              <Button size="small" onClick={() => mark.mutate({ until: newest })}>
                <CheckCheck aria-hidden />
                Mark all as read
              </Button>
            )}
            <Button asChild look="ghost" size="icon">
              <Link to="/settings/notifications" aria-label="What you are told of">
                <Settings aria-hidden />
              </Link>
            </Button>
          </>
        }
      >
        <Tabs
          label="Which"
          tabs={views}
          chosen={isUnreadOnly ? 'unread' : 'all'}
          onChoose={(view) => change({ view: view === 'all' ? undefined : view })}
        />
      </PageHeader>
      {isPending && <SkeletonRows />}
      {!isPending && items.length === 0 && (
        <EmptyState icon={Bell} title={isUnreadOnly ? 'All read' : 'Nothing yet'}>
          Here you find what concerns you: approvals that wait for you, tasks that you are given, and runs of
          your automations that fail.
        </EmptyState>
      )}
      {items.length > 0 && <Rows {...list} onRead={(id) => mark.mutate({ ids: [id] })} />}
    </>
  );
}

function Rows({
  items,
  hasNextPage,
  isFetchingNextPage,
  fetchNextPage,
  onRead,
}: ReturnType<typeof useNotifications> & { onRead(id: string): void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 10 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const open = ({ id, path, readAt }: Notification) => {
    if (readAt === null) onRead(id);
    void navigate({ to: path });
  };
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label="Notifications" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const item = items[index];
          return (
            item && (
              <li
                key={item.id}
                className="absolute inset-x-0 top-0 border-line border-b"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <Row item={item} onOpen={() => open(item)} onRead={() => onRead(item.id)} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function Row({ item, onOpen, onRead }: { item: Notification; onOpen(): void; onRead(): void }) {
  const Icon = icons[item.kind] ?? Bell;
  const isUnread = item.readAt === null;
  return (
    <div className="flex h-full items-center gap-1 pr-3 hover:bg-hover md:pr-6">
      <button
        type="button"
        onClick={onOpen}
        onKeyDown={(event) => walkRows(event, onOpen)}
        className="flex h-full min-w-0 flex-1 items-center gap-3 px-4 text-left -outline-offset-2 md:px-6"
      >
        <span
          aria-hidden
          className={classNames('size-1.5 shrink-0 rounded-full', isUnread ? 'bg-accent' : 'bg-transparent')}
        />
        <Icon aria-hidden className="size-4 shrink-0 text-soft" />
        <span className={classNames('min-w-0 flex-1 truncate', isUnread ? 'font-medium' : 'text-soft')}>
          {isUnread && <span className="sr-only">Not read: </span>}
          {item.title}
        </span>
        {item.count > 1 && <Badge>{item.count} times</Badge>}
        <time
          dateTime={item.at}
          title={wholeMomentText(item.at)}
          className="shrink-0 whitespace-nowrap text-mini text-soft"
        >
          {momentText(item.at)}
        </time>
      </button>
      {isUnread && (
        <Button
          look="ghost"
          size="icon"
          className="max-sm:hidden"
          aria-label={`Mark as read: ${item.title}`}
          onClick={onRead}
        >
          <CheckCheck aria-hidden />
        </Button>
      )}
    </div>
  );
}

function useNotifications(isUnreadOnly: boolean) {
  const query = useInfiniteQuery({
    queryKey: ['notifications', 'list', isUnreadOnly],
    queryFn: ({ pageParam: cursor }) => {
      const query = {
        limit: 50,
        ...(isUnreadOnly && { unread: 'true' }),
        ...(cursor !== undefined && { cursor }),
      };
      return result(api.GET('/v1/notifications', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    meta: { topics: ['notification'] },
  });
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) ?? [] };
}

/** Marks some, or all up to a moment: seen at once, and back if it is refused. */
function useMarking() {
  const client = useQueryClient();
  const key = ['notifications', 'list'];
  return useMutation({
    mutationFn: (which: { ids: string[] } | { until: string }) =>
      result<unknown>(
        'ids' in which
          ? api.POST('/v1/notifications/read', { body: which })
          : api.POST('/v1/notifications/read-all', { body: which }),
      ),
    onMutate: async (which) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueriesData<InfiniteData<Page>>({ queryKey: key });
      const isMeant = ({ id, at }: Notification) =>
        'ids' in which ? which.ids.includes(id) : at <= which.until;
      const read = (item: Notification) =>
        item.readAt === null && isMeant(item) ? { ...item, readAt: new Date().toISOString() } : item;
      client.setQueriesData<InfiniteData<Page>>({ queryKey: key }, (pages) =>
        pages
          ? { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(read) })) }
          : pages,
      );
      return before;
    },
    onError: (error, _which, before) => {
      for (const [place, data] of before ?? []) client.setQueryData(place, data);
      toast.error(messageOf(error));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
}
