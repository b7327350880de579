import { useQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import { isOver, type Run } from '../runs/run.js';
import { useRights } from '../session/use-rights.js';
import { approvalKey } from './approval.js';
import { DecideForm } from './decide-form.js';

/** What the person can decide of a run, in place. */
export function RunApprovals({ run }: { run: Run }) {
  const { may } = useRights();
  const query = { runId: run.id, mine: true, status: 'open', limit: 20 } as const;
  const { data } = useQuery({
    queryKey: approvalKey.ofRun(run.id),
    queryFn: ({ signal }) => result(api.GET('/v1/approvals', { params: { query }, signal })),
    enabled: !isOver(run) && may('approvals:decide'),
    meta: { topics: ['approval', 'run'] },
  });
  if (!data || isOver(run)) return null;
  return data.items.map((approval) => (
    <section
      key={approval.id}
      aria-label={approval.title}
      className="mx-4 mb-3 grid max-w-2xl gap-3 rounded-lg border border-line-strong bg-raised p-4 md:mx-6"
    >
      <div>
        <h2 className="font-semibold text-[15px]">{approval.title}</h2>
        {approval.message !== null && <p className="whitespace-pre-wrap text-soft">{approval.message}</p>}
      </div>
      <DecideForm approval={approval} />
    </section>
  ));
}
