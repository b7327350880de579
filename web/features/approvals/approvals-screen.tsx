import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Stamp } from 'lucide-react';
import { useMemo } from 'react';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Badge, EmptyState, SkeletonRows } from '../../components/ui/states.js';
import { Tabs } from '../../components/ui/tabs.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { OptionRow } from '../resources/option-row.js';
import { usePeople } from '../resources/use-people.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { useSession } from '../session/use-session.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type Approval, approvalKey } from './approval.js';
import { DecideForm } from './decide-form.js';

const views = [
  { value: 'mine', label: 'For you', filters: { mine: true, status: 'open' } },
  { value: 'open', label: 'All open', filters: { status: 'open' } },
  { value: 'decided', label: 'Decided', filters: { status: 'answered' } },
] as const;

/** What runs ask people to decide: a list, and beside it the one that is looked at. */
export function ApprovalsScreen() {
  const [fields, change] = useUrlFields();
  const view = views.find(({ value }) => value === fields.view) ?? views[0];
  const query = useInfiniteQuery({
    queryKey: approvalKey.list(view.filters),
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === undefined ? {} : { cursor: pageParam };
      const wanted = { ...view.filters, ...page, limit: 100 };
      return result(api.GET('/v1/approvals', { params: { query: wanted }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    meta: { topics: ['approval', 'run'] },
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const chosen = items.find(({ id }) => id === fields.open) ?? items[0];
  return (
    <>
      <PageHeader title="Approvals">
        <Tabs
          label="Which approvals"
          tabs={views}
          chosen={view.value}
          onChoose={(value) => change({ view: value === 'mine' ? undefined : value, open: undefined })}
        />
      </PageHeader>
      {content()}
    </>
  );

  function content() {
    if (query.isPending) return <SkeletonRows />;
    if (query.error && items.length === 0) return <ProblemScreen error={query.error} retry={query.refetch} />;
    if (!chosen) {
      return (
        <EmptyState
          icon={Stamp}
          title={view.value === 'decided' ? 'Nothing was decided yet' : 'Nothing to decide'}
        >
          When an automation asks people before it goes on, what it asks is here and in a mail.
        </EmptyState>
      );
    }
    return (
      <div className="grid min-h-0 flex-1 overflow-y-auto md:grid-cols-[minmax(16rem,2fr)_minmax(0,3fr)] md:overflow-hidden">
        <div className="min-h-0 border-line md:overflow-y-auto md:border-r">
          <div role="listbox" aria-label="Approvals">
            {items.map((approval) => (
              <ApprovalRow
                key={approval.id}
                approval={approval}
                isChosen={approval === chosen}
                onChoose={() => change({ open: approval.id })}
              />
            ))}
          </div>
          {query.hasNextPage && (
            <Button
              look="ghost"
              className="m-2"
              disabled={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </div>
        <ApprovalDetails key={chosen.id} approval={chosen} isMine={view.value === 'mine'} />
      </div>
    );
  }
}

function ApprovalRow({
  approval: { title, createdAt, nodeId, decision },
  isChosen,
  onChoose,
}: {
  approval: Approval;
  isChosen: boolean;
  onChoose(): void;
}) {
  return (
    <OptionRow
      isChosen={isChosen}
      onChoose={onChoose}
      className="grid gap-0.5 border-line border-b px-4 py-2.5 md:px-6"
    >
      <span className="truncate font-medium">{title}</span>
      <span className="flex gap-2 text-mini text-soft">
        <time dateTime={createdAt} title={wholeMomentText(createdAt)}>
          {momentText(createdAt)}
        </time>
        <span className="truncate">{nodeId}</span>
        {decision && (
          <span className={decision === 'approved' ? 'text-success' : 'text-danger'}>
            {decision === 'approved' ? 'Approved' : 'Rejected'}
          </span>
        )}
      </span>
    </OptionRow>
  );
}

function ApprovalDetails({ approval, isMine }: { approval: Approval; isMine: boolean }) {
  const people = usePeople();
  const userId = useSession()?.user.id;
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? 'Someone';
  const { approvers, votes } = approval;
  const hasVoted = votes.some((vote) => vote.userId === userId);
  const mayDecide =
    approval.status === 'open' && !hasVoted && (isMine || approvers.users.includes(userId ?? ''));
  return (
    <section aria-label="Details" className="min-h-0 md:overflow-y-auto">
      <div className="grid max-w-xl gap-5 p-4 md:p-6">
        <header className="grid gap-1">
          <h2 className="font-semibold text-[15px]">{approval.title}</h2>
          {approval.message !== null && <p className="whitespace-pre-wrap text-soft">{approval.message}</p>}
        </header>
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
          {approval.runId !== null && (
            <Link
              to="/runs/$runId"
              params={{ runId: approval.runId }}
              className="text-text underline decoration-line-strong underline-offset-2"
            >
              Show the run
            </Link>
          )}
          <span>
            {approvers.needed > 1 && `${approvers.needed} of: `}
            {[...approvers.users.map(nameOf), ...approvers.roles].join(', ')}
          </span>
          {approval.expiresAt !== null && approval.status === 'open' && (
            <span>until {wholeMomentText(approval.expiresAt)}</span>
          )}
        </p>
        {votes.length > 0 && (
          <ul aria-label="Decisions" className="grid gap-2">
            {votes.map((vote) => (
              <li key={vote.userId} className="flex flex-wrap items-center gap-2">
                <Badge className={vote.decision === 'approved' ? 'text-success' : 'text-danger'}>
                  {vote.decision === 'approved' ? 'Approved' : 'Rejected'}
                </Badge>
                <span>{nameOf(vote.userId)}</span>
                {vote.comment !== null && <span className="text-soft">“{vote.comment}”</span>}
              </li>
            ))}
          </ul>
        )}
        {mayDecide && <DecideForm approval={approval} />}
      </div>
    </section>
  );
}
